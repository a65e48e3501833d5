// A button that copies a text and says so.

import { useSignal } from '@preact/signals';
import { copyText } from './clipboard.ts';

/** How long the button says what happened, milliseconds. */
const SAID_FOR_MS = 2_000;

interface CopyButtonProps {
  /** A function is asked when the button is pressed. */
  readonly text: string | (() => string);
  readonly label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const said = useSignal<string | undefined>(undefined);
  const copy = async (): Promise<void> => {
    said.value = (await copyText(typeof text === 'string' ? text : text()))
      ? 'Copied'
      : 'Not copied: select it by hand';
    setTimeout(() => {
      said.value = undefined;
    }, SAID_FOR_MS);
  };
  return (
    <button type="button" class="small" onClick={copy}>
      <span aria-live="polite">{said.value ?? label}</span>
    </button>
  );
}
