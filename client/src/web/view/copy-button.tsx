// A button that copies a text and says so.

import { useSignal } from '@preact/signals';
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
  const said = useSignal<string | undefined>(undefined);
  const copy = async (): Promise<void> => {
    said.value = (await copyText(typeof text === 'string' ? text : text())) ? 'Copied' : 'Not copied: do it by hand';
    setTimeout(() => {
      said.value = undefined;
    }, SAID_FOR_MS);
  };
  return (
    <>
      <button
        type="button"
        class={isMain ? 'small steady' : 'small quiet steady'}
        aria-label={of === undefined ? label : `${label} of ${of}`}
        onClick={copy}
      >
        {/* Both lie in one cell, so that nothing moves when it changes. */}
        <span class={said.value === undefined ? '' : 'unseen'}>{label}</span>
        <span class={said.value === undefined ? 'unseen' : ''} aria-hidden="true">
          {said.value ?? ''}
        </span>
      </button>
      <span class="for-ears" role="status">
        {said.value ?? ''}
      </span>
    </>
  );
}
