// What few need to know of an own file: its link in full, its id, when it was stored, and how many hold which part.

import { useSignal } from '@preact/signals';
import type { OwnFile } from '../../../peer/api.ts';
import type { FileStatus } from '../../../peer/file-status.ts';
import { FOLDER_TYPE } from '../../../peer/folder-type.ts';
import type { PageModel } from '../../model/page-model.ts';
import { errorText } from '../../text/error-text.ts';
import { shortId } from '../../text/short-id.ts';
import { moment } from '../../text/words/dates.ts';
import { ownWords } from '../../text/words/en/own.ts';
import { CopyButton } from '../copy-button.tsx';
import { Filled } from '../filled.tsx';

/** Parts that are listed. */
const MAX_PARTS = 20;

interface FileDetailsProps {
  readonly file: OwnFile;
  readonly model: PageModel;
}

export function FileDetails({ file, model }: FileDetailsProps) {
  const isOpen = useSignal(false);
  return (
    <details
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary>{ownWords().details}</summary>
      {isOpen.value ? <Facts file={file} model={model} /> : null}
    </details>
  );
}

function Facts({ file, model }: FileDetailsProps) {
  const words = ownWords();
  return (
    <dl class="facts">
      <dt>{words.link}</dt>
      <dd>
        <a class="clipped" href={file.link}>
          {words.openIt}
        </a>
      </dd>
      <dt>{words.id}</dt>
      <dd class="id-row">
        <code class="clipped" title={file.fileId}>
          {file.fileId}
        </code>
        <CopyButton text={file.fileId} label={words.copyId} of={file.name} />
      </dd>
      <dt>{words.shared}</dt>
      <dd>{moment(file.storedAt)}</dd>
      {/* People know no type of a folder. */}
      {file.type === '' || file.type === FOLDER_TYPE ? null : (
        <>
          <dt>{words.type}</dt>
          <dd>{file.type}</dd>
        </>
      )}
      <dt>{words.holders}</dt>
      <dd>
        <Holders file={file} model={model} />
      </dd>
    </dl>
  );
}

type Count =
  | { readonly phase: 'running' }
  | { readonly phase: 'done'; readonly status: FileStatus }
  | { readonly phase: 'failed'; readonly error: unknown };

function Holders({ file, model }: FileDetailsProps) {
  const words = ownWords();
  const status = useSignal<Count | undefined>(undefined);
  const count = async (): Promise<void> => {
    status.value = { phase: 'running' };
    try {
      status.value = { phase: 'done', status: await model.peer.fileStatus(file.link) };
    } catch (error) {
      status.value = { phase: 'failed', error };
    }
  };
  const told = status.value;
  if (told === undefined) {
    return (
      <button type="button" class="small quiet" onClick={() => void count()}>
        {words.countParts}
      </button>
    );
  }
  if (told.phase !== 'done')
    return <span role="status">{told.phase === 'running' ? words.counting : errorText(told.error)}</span>;
  const { segments } = told.status;
  return (
    <ul class="parts">
      {segments.slice(0, MAX_PARTS).map(({ digest, copies, devices }) => (
        <li key={digest}>
          <Filled text={words.part(copies, devices)} parts={{ part: <code title={digest}>{shortId(digest)}</code> }} />
        </li>
      ))}
      {segments.length > MAX_PARTS ? <li>{words.moreParts(segments.length - MAX_PARTS)}</li> : null}
    </ul>
  );
}
