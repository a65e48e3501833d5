// The invitation to share: what is dropped anywhere on the page or pasted is taken too (given-view.tsx).

import type { PageModel } from '../../model/page-model.ts';
import { shareWords } from '../../text/words/en/share.ts';
import { Filled } from '../filled.tsx';

interface DropZoneProps {
  readonly model: PageModel;
  /** Nothing has been shared: there is room to say what happens. */
  readonly isEmpty: boolean;
}

export function DropZone({ model, isEmpty }: DropZoneProps) {
  if (model.inspection.value.status === 'left') return <LeftZone />;
  const words = shareWords();
  const choose = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    model.store([...(event.currentTarget.files ?? [])]);
    // So that choosing the same file again is a change again.
    event.currentTarget.value = '';
  };
  const chooseFolder = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    const files = [...(event.currentTarget.files ?? [])];
    if (files.length > 0) void model.storeFolder(files);
    event.currentTarget.value = '';
  };
  return (
    <>
      <label class="drop-zone">
        <input type="file" id="file-input" multiple onChange={choose} />
        <svg class="drop-icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 16V5M7.5 9.5L12 5l4.5 4.5M4.5 15v4.5h15V15" />
        </svg>
        <span class="drop-words">
          <strong>{isEmpty ? words.label : words.more}</strong>
          <span class="detail">
            {/* Nothing can be dropped with a finger. */}
            {matchMedia('(pointer: coarse)').matches ? (
              <span class="as-link">{words.chooseLabel}</span>
            ) : (
              <Filled text={words.dropHow} parts={{ choose: <span class="as-link">{words.choose}</span> }} />
            )}
          </span>
        </span>
        {isEmpty ? (
          <span class="drop-promise">{model.drafts.isPublic.value ? words.publicPromise : words.promise}</span>
        ) : null}
      </label>
      <label class="folder-choice">
        <Filled text={words.folder} parts={{ choose: <span class="as-link">{words.chooseFolder}</span> }} />
        <input type="file" id="folder-input" ref={takeFolders} onChange={chooseFolder} />
      </label>
    </>
  );
}

/** Preact's types know no such attribute. */
function takeFolders(input: HTMLInputElement | null): void {
  if (input !== null) input.webkitdirectory = true;
}

function LeftZone() {
  const words = shareWords();
  return (
    <div class="drop-zone is-off">
      <input type="file" id="file-input" disabled hidden />
      <p>{words.left}</p>
      <button type="button" onClick={() => location.reload()}>
        {words.joinAgain}
      </button>
    </div>
  );
}
