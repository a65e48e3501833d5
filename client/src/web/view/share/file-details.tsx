// What few need to know of an own file: its link in full, its id, when it was stored, and how many hold which part.

import { useSignal } from '@preact/signals';
import type { OwnFile } from '../../../peer/api.ts';
import type { FileStatus } from '../../../peer/file-status.ts';
import type { PageModel } from '../../model/page-model.ts';
import { errorText } from '../../text/error-text.ts';
import { formatCount, shortId } from '../../text/format.ts';
import { CopyButton } from '../copy-button.tsx';

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
      <summary>Details</summary>
      {isOpen.value ? <Facts file={file} model={model} /> : null}
    </details>
  );
}

function Facts({ file, model }: FileDetailsProps) {
  return (
    <dl class="facts">
      <dt>Link</dt>
      <dd>
        <a class="clipped" href={file.link}>
          Open this file
        </a>
      </dd>
      <dt>Id</dt>
      <dd class="id-row">
        <code class="clipped" title={file.fileId}>
          {file.fileId}
        </code>
        <CopyButton text={file.fileId} label="Copy id" of={file.name} />
      </dd>
      <dt>Shared</dt>
      <dd>{new Date(file.storedAt).toLocaleString()}</dd>
      {file.type === '' ? null : (
        <>
          <dt>Type</dt>
          <dd>{file.type}</dd>
        </>
      )}
      <dt>Holders</dt>
      <dd>
        <Holders file={file} model={model} />
      </dd>
    </dl>
  );
}

function Holders({ file, model }: FileDetailsProps) {
  const status = useSignal<FileStatus | string | undefined>(undefined);
  const count = async (): Promise<void> => {
    status.value = 'Counting…';
    try {
      status.value = await model.peer.fileStatus(file.link);
    } catch (error) {
      status.value = errorText(error);
    }
  };
  const told = status.value;
  if (told === undefined) {
    return (
      <button type="button" class="small quiet" onClick={() => void count()}>
        Count them part by part
      </button>
    );
  }
  if (typeof told === 'string') return <span role="status">{told}</span>;
  const { segments } = told;
  return (
    <ul class="parts">
      {segments.slice(0, MAX_PARTS).map(({ digest, copies, devices }) => (
        <li key={digest}>
          part <code title={digest}>{shortId(digest)}</code>: {formatCount(copies, 'copy', 'copies')} on{' '}
          {formatCount(devices, 'device')}
        </li>
      ))}
      {segments.length > MAX_PARTS ? <li>and {formatCount(segments.length - MAX_PARTS, 'more part')}</li> : null}
    </ul>
  );
}
