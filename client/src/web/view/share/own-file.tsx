// The card of one own file: how safe it is, its link to hand on, and what its owner can do about it.

import { useSignal } from '@preact/signals';
import type { OwnFile } from '../../../peer/api.ts';
import { FOLDER_TYPE } from '../../../peer/folder-type.ts';
import { ownFileActionsOf } from '../../model/own-file-actions.ts';
import type { PageModel } from '../../model/page-model.ts';
import { errorText } from '../../text/error-text.ts';
import { keptText, safetyText } from '../../text/safety-text.ts';
import { bytes } from '../../text/words/amounts.ts';
import { ownWords } from '../../text/words/en/own.ts';
import { CopyButton } from '../copy-button.tsx';
import { FileMark } from '../file-mark.tsx';
import { useKeptFocus } from '../kept-focus.ts';
import { QrCode } from '../qr-view.tsx';
import { SendButton } from '../send-button.tsx';
import { DeleteQuestion } from './delete-question.tsx';
import { FileDetails } from './file-details.tsx';

interface OwnFileProps {
  readonly file: OwnFile;
  readonly model: PageModel;
}

export function OwnFileCard({ file, model }: OwnFileProps) {
  const words = ownWords();
  const card = useKeptFocus<HTMLLIElement>();
  const hasQr = useSignal(false);
  const { word, line } = safetyText(file);
  const kept = keptText(file);
  const isFolder = file.type === FOLDER_TYPE;
  const state = ownFileActionsOf(model).stateOf(file.fileId);
  return (
    <li class="own-file card" ref={card} data-file-id={file.fileId}>
      <div class="file-head">
        <FileMark file={file} isFolder={isFolder} />
        <div class="file-words">
          <p class="file-name">{file.name}</p>
          <p class="detail">
            {isFolder ? `${words.folder}, ` : ''}
            {bytes(file.size)}, {file.isPublic ? words.public : words.private}
          </p>
        </div>
      </div>
      <p class="copies" data-state={file.state}>
        <strong class={`word word-${file.state}`}>{word}</strong> <span class="safety">{line}</span>
      </p>
      {kept === undefined ? null : <p class="detail kept">{kept}</p>}
      {state?.phase === 'failed' ? (
        <p class="problem" role="alert">
          {errorText(state.error)}
        </p>
      ) : null}
      {state?.phase === 'asking' ? (
        <DeleteQuestion file={file} model={model} />
      ) : (
        <Actions file={file} model={model} onQr={() => (hasQr.value = !hasQr.value)} isQrShown={hasQr.value} />
      )}
      {hasQr.value ? <QrCode text={file.link} label={words.qrLabel(file.name)} /> : null}
      <FileDetails file={file} model={model} />
    </li>
  );
}

interface ActionsProps extends OwnFileProps {
  readonly onQr: () => void;
  readonly isQrShown: boolean;
}

function Actions({ file, model, onQr, isQrShown }: ActionsProps) {
  const words = ownWords();
  const actions = ownFileActionsOf(model);
  const { fileId, isPinned, link, name } = file;
  const phase = actions.stateOf(fileId)?.phase;
  const isBusy = phase === 'deleting' || phase === 'pinning';
  return (
    <div class="actions">
      <CopyButton text={link} label={words.copyLink} of={name} isMain />
      <SendButton name={name} link={link} />
      <button type="button" class="small quiet" aria-label={words.qrOf(name)} aria-expanded={isQrShown} onClick={onQr}>
        {words.qr}
      </button>
      <button
        type="button"
        class="small quiet"
        aria-label={isPinned ? words.unpinOf(name) : words.pinOf(name)}
        disabled={isBusy}
        onClick={() => void actions.setPinned(fileId, !isPinned)}
      >
        {isPinned ? words.unpin : words.pin}
      </button>
      <button
        type="button"
        class="small quiet"
        aria-label={phase === 'deleting' ? words.deletingOf(name) : words.deleteOf(name)}
        disabled={isBusy}
        onClick={() => actions.ask(fileId)}
      >
        {phase === 'deleting' ? words.deleting : words.delete}
      </button>
    </div>
  );
}
