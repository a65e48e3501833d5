// Colours for what a terminal shows, and none for what a pipe or a file gets.

import { styleText } from 'node:util';

const FORMAT_BY_STYLE = { good: 'green', bad: 'red', faint: 'gray', strong: 'bold' } as const;

/** What a piece of text is, and so how it looks. */
export type Style = keyof typeof FORMAT_BY_STYLE;
export type Paint = (style: Style, text: string) => string;

/** Colours if `stream` is a terminal, unless the environment asks for none (https://no-color.org). */
export function painter(
  { isTTY }: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  if (isTTY !== true || environment.NO_COLOR || environment.TERM === 'dumb') return (_, text) => text;
  return (style, text) => styleText(FORMAT_BY_STYLE[style], text, { validateStream: false });
}
