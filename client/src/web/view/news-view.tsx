// What the page has to tell as a whole.

import type { Failure, Notice, Wait } from '../text/news.ts';
import { failureText, noticeText, waitText } from '../text/news-text.ts';
import { troubleWords } from '../text/words/en/trouble.ts';

export function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  return (
    <>
      {notices.map((notice) => {
        const text = noticeText(notice);
        return text === undefined ? null : (
          <p key={notice.kind} class="notice" role="note">
            {text}
          </p>
        );
      })}
    </>
  );
}

export function Waiting({ wait }: { readonly wait: Wait }) {
  return <>{troubleWords().plain(waitText(wait))}</>;
}

interface FailedProps {
  readonly failure: Failure;
  readonly accept: (() => void) | undefined;
}

export function Failed({ failure, accept }: FailedProps) {
  const words = troubleWords();
  return (
    <>
      <p>{failureText(failure)}</p>
      <div class="actions">
        <button type="button" onClick={() => location.reload()}>
          {words.tryAgain}
        </button>
        {accept === undefined ? null : (
          <button type="button" class="quiet" onClick={accept}>
            {words.acceptKey}
          </button>
        )}
      </div>
    </>
  );
}
