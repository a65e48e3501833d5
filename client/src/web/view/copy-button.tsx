// A button that copies a text and says so.

import { useSignal } from '@preact/signals';
import { transferWords } from '../text/words/en/transfer.ts';
import { copyText } from './clipboard.ts';

/** How long the button says what happened, milliseconds. */
const SAID_FOR_MS = 2_000;

interface CopyButtonProps {
  /** A function is asked when the button is pressed. */
  readonly text: string | (() => string);
  readonly label: string;
  /** Of what, where there are several: for those who hear the buttons one by one. */
  readonly of?: string;
  /** What one most likely wants here. */
  readonly isMain?: boolean;
}

export function CopyButton({ text, label, of, isMain = false }: CopyButtonProps) {
  const words = transferWords();
  const said = useSignal<'copied' | 'notCopied' | undefined>(undefined);
  const copy = async (): Promise<void> => {
    said.value = (await copyText(typeof text === 'string' ? text : text())) ? 'copied' : 'notCopied';
    setTimeout(() => {
      said.value = undefined;
    }, SAID_FOR_MS);
  };
  const saying = said.value === undefined ? '' : words[said.value];
  return (
    <>
      <button
        type="button"
        class={isMain ? 'small steady' : 'small quiet steady'}
        aria-label={of === undefined ? label : words.copyOf(label, of)}
        onClick={copy}
      >
        {/* Both lie in one cell, so that nothing moves when it changes. */}
        <span class={said.value === undefined ? '' : 'unseen'}>{label}</span>
        <span class={said.value === undefined ? 'unseen' : ''} aria-hidden="true">
          {saying}
        </span>
      </button>
      <span class="for-ears" role="status">
        {saying}
      </span>
    </>
  );
}
