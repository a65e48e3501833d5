// The file that is open before its user: what it is, one button, and in words how far it is or what went wrong.

import type { Download, FetchedFile } from '../../model/downloads.ts';
import type { PageModel } from '../../model/page-model.ts';
import { headText } from '../../text/head-text.ts';
import { FileMark } from '../file-mark.tsx';
import { useKeptFocus } from '../kept-focus.ts';
import { PartView } from '../places.tsx';
import { Bar, runningText } from '../progress.tsx';

interface OpenedFileProps {
  readonly download: Download;
  readonly model: PageModel;
}

export function OpenedFile({ download, model }: OpenedFileProps) {
  const { transfer } = download;
  const section = useKeptFocus<HTMLElement>();
  const head = download.head.value;
  const state = transfer.state.value;
  return (
    <section class="card opened" id="opened" ref={section} data-phase={state.phase} aria-labelledby="opened-name">
      <div class="file-head">
        <FileMark file={{ name: head?.name ?? '' }} />
        <div class="file-words">
          <h2 class="file-name" id="opened-name">
            {head?.name ?? (state.phase === 'failed' ? 'This file cannot be opened' : 'A file for you')}
          </h2>
          <p class="detail">{head === undefined ? ' ' : headText(head)}</p>
        </div>
      </div>
      <Course download={download} model={model} />
    </section>
  );
}

function Course({ download, model }: OpenedFileProps) {
  const { transfer, isSaveWanted } = download;
  const state = transfer.state.value;
  const save = (): void => void model.downloads.save(download);
  switch (state.phase) {
    case 'waiting':
    case 'running': {
      const isWanted = isSaveWanted.value;
      const [done, total] = state.phase === 'running' ? [state.doneBytes, state.totalBytes] : [0, 0];
      return (
        <>
          <div class="actions main-actions">
            <button type="button" class="main" aria-disabled={isWanted} onClick={save}>
              {isWanted ? 'Saving…' : 'Save'}
            </button>
            <button
              type="button"
              class="quiet"
              aria-label={`Cancel ${transfer.label}`}
              onClick={() => transfer.cancel()}
            >
              Cancel
            </button>
          </div>
          <Bar label={transfer.label} doneBytes={done} totalBytes={total} />
          <p class="course" role="status">
            {state.phase === 'waiting' || total === 0
              ? 'Looking for those who have it…'
              : runningText(done, total, state.rate)}
          </p>
        </>
      );
    }
    case 'done':
      return state.result.state === 'folder' ? (
        <PartView model={model} part="open-folder" />
      ) : (
        <Ready model={model} file={state.result} onSave={save} />
      );
    case 'failed':
      return (
        <>
          <PartView model={model} part="open-problem" />
          <Again download={download} model={model} />
        </>
      );
    case 'cancelled':
      return (
        <>
          <p class="course">Cancelled. Nothing of it was saved.</p>
          <Again download={download} model={model} />
        </>
      );
  }
}

/** What is said of a file that can be saved, or has been. */
const COURSE = {
  here: 'Ready; every part verified.',
  offered: 'Ready; fetched as it is saved.',
} as const;

interface ReadyProps {
  readonly model: PageModel;
  readonly file: Exclude<FetchedFile, { readonly state: 'folder' }>;
  readonly onSave: () => void;
}

function Ready({ model, file, onSave }: ReadyProps) {
  const isSaved = file.state === 'saved';
  return (
    <>
      <div class="actions main-actions">
        <button type="button" class={isSaved ? 'quiet' : 'main'} onClick={onSave}>
          {isSaved ? 'Save again' : 'Save'}
        </button>
      </div>
      <p class="course" role="status">
        {file.state === 'saved' ? `Done: ${file.how}.` : COURSE[file.state]}
      </p>
      <p class="detail">Leave this tab open a while and you help others to get it.</p>
      <PartView model={model} part="preview" />
    </>
  );
}

function Again({ download, model }: OpenedFileProps) {
  return (
    <div class="actions main-actions">
      <button type="button" class="main" onClick={() => void model.downloads.fetch(download.source)}>
        Try again
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          model.downloads.dismiss(download);
          model.go('#/open');
        }}
      >
        Open another
      </button>
    </div>
  );
}
