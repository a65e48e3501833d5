// A button that gives a link to the browser's share sheet, where there is one.

import { ownWords } from '../text/words/en/own.ts';

interface SendButtonProps {
  /** Of the file. */
  readonly name: string;
  readonly link: string;
}

export function SendButton({ name, link }: SendButtonProps) {
  const words = ownWords();
  // The types promise it always.
  if (!('share' in navigator)) return null;
  return (
    <button type="button" class="small quiet" aria-label={words.sendOf(name)} onClick={() => send(name, link)}>
      {words.send}
    </button>
  );
}

function send(title: string, url: string): void {
  navigator.share({ title, url }).catch((error: unknown) => {
    // Who closes the sheet has changed their mind.
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  });
}
