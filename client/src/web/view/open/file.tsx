// The file that is open before its user: what it is, one button, and in words how far it is or what went wrong.

import type { Download, FetchedFile } from '../../model/downloads.ts';
import type { PageModel } from '../../model/page-model.ts';
import { savedText } from '../../text/saved-text.ts';
import { bytes } from '../../text/words/amounts.ts';
import { openWords } from '../../text/words/en/open.ts';
import { transferWords } from '../../text/words/en/transfer.ts';
import { FileMark } from '../file-mark.tsx';
import { useKeptFocus } from '../kept-focus.ts';
import { courseText, Pause } from '../pause.tsx';
import { PartView } from '../places.tsx';
import { Bar } from '../progress.tsx';

interface OpenedFileProps {
  readonly download: Download;
  readonly model: PageModel;
}

export function OpenedFile({ download, model }: OpenedFileProps) {
  const words = openWords();
  const { transfer } = download;
  const section = useKeptFocus<HTMLElement>();
  const head = download.head.value;
  const state = transfer.state.value;
  return (
    <section class="card opened" id="opened" ref={section} data-phase={state.phase} aria-labelledby="opened-name">
      <div class="file-head">
        <FileMark
          file={{ name: head?.name ?? '' }}
          isFolder={state.phase === 'done' && state.result.state === 'folder'}
        />
        <div class="file-words">
          <h2 class="file-name" id="opened-name">
            {head?.name ?? (state.phase === 'failed' ? words.cannotOpen : words.forYou)}
          </h2>
          <p class="detail">{head === undefined ? ' ' : bytes(head.size)}</p>
        </div>
      </div>
      <Course download={download} model={model} />
    </section>
  );
}

function Course({ download, model }: OpenedFileProps) {
  const words = openWords();
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
              {isWanted ? words.saving : words.save}
            </button>
            {total === 0 ? null : <Pause transfer={transfer} class="quiet" />}
            <button
              type="button"
              class="quiet"
              aria-label={transferWords().cancelFile(transfer.label)}
              onClick={() => transfer.cancel()}
            >
              {transferWords().cancel}
            </button>
          </div>
          <Bar label={transfer.label} doneBytes={done} totalBytes={total} />
          <p class="course" role="status">
            {state.phase === 'waiting' || total === 0 ? words.looking : courseText(transfer, state)}
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
    case 'cancelled':
      return <PartView model={model} part="open-problem" />;
  }
}

interface ReadyProps {
  readonly model: PageModel;
  readonly file: Exclude<FetchedFile, { readonly state: 'folder' }>;
  readonly onSave: () => void;
}

function Ready({ model, file, onSave }: ReadyProps) {
  const words = openWords();
  const isSaved = file.state === 'saved';
  return (
    <>
      <div class="actions main-actions">
        <button type="button" class={isSaved ? 'quiet' : 'main'} onClick={onSave}>
          {isSaved ? words.saveAgain : words.save}
        </button>
      </div>
      <p class="course" role="status">
        {file.state === 'saved' ? words.done(savedText(file.how)) : words[file.state]}
      </p>
      <PartView model={model} part="opened-actions" />
      <PartView model={model} part="preview" />
    </>
  );
}
