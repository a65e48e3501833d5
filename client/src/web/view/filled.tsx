// A sentence with elements in it, wherever the language puts them: `{name}` in the text stands for one of them.

import type { ComponentChild } from 'preact';

interface FilledProps {
  readonly text: string;
  readonly parts: Readonly<Record<string, ComponentChild>>;
}

export function Filled({ text, parts }: FilledProps) {
  // Every other piece is a name.
  return <>{text.split(/\{(\w+)\}/).map((piece, index) => (index % 2 === 0 ? piece : parts[piece]))}</>;
}
