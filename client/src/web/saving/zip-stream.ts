// A folder as one zip, made as its bytes come: for browsers that cannot write a folder where their user says. Nothing is compressed:
// most of what people keep is already, and so its length is known before.

import { makeZip, predictLength } from 'client-zip';
import type { FolderFile } from '../../peer/folder-list.ts';
import { caseless, withoutCollisions } from '../../peer/folder-path.ts';
import { type Folder, readFiles } from '../../peer/folder-reader.ts';
import type { FileHead, RetrievedFile, RetrieveOptions } from '../../peer/retrieved-file.ts';

/** Zips have years of 7 bits. */
const FIRST_YEAR_MS = Date.UTC(1981, 0);
const LAST_YEAR_MS = Date.UTC(2106, 0);
/** A stream of small files has thousands of small pieces; each costs a message to the worker that downloads it. */
const CHUNK_BYTES = 1024 * 1024;
const MODE = 0o644;
const EXECUTABLE_MODE = 0o755;

interface ZipEntry {
  readonly name: string;
  readonly lastModified: Date;
  readonly size: number;
  readonly mode: number;
}

/** `whole`: the folder as it is stored. Reading it rejects as reading `whole` does. */
export function zipOf(whole: RetrievedFile, { name, entries }: Folder, options: RetrieveOptions): RetrievedFile {
  const files = entries.filter((entry) => entry.kind === 'file');
  const folders = entries.filter(({ kind }) => kind === 'folder').map(({ path }) => ({ name: `${name}/${path}/` }));
  const paths = withoutCollisions(
    files.map(({ path }) => path),
    entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path),
    caseless,
  );
  const entryByFile = new Map(
    files.map((file, index) => [file, entryOf(file, `${name}/${paths[index] ?? file.path}`)]),
  );
  const head: FileHead = {
    ...{ name: `${name}.zip`, type: 'application/zip' },
    size: Number(predictLength([...entryByFile.values(), ...folders])),
  };
  const all = async function* () {
    for await (const { file, bytes } of readFiles(whole, files, options)) {
      const entry = entryByFile.get(file);
      if (entry !== undefined) yield { ...entry, input: bytes };
    }
    yield* folders;
  };
  const stream = (): ReturnType<RetrievedFile['stream']> => inChunks(makeZip(all(), { buffersAreUTF8: true }));
  return { ...head, stream, blob: () => new Response(stream()).blob() };
}

function entryOf({ size, modified, isExecutable }: FolderFile, name: string): ZipEntry {
  const lastModified = new Date(Math.min(LAST_YEAR_MS, Math.max(FIRST_YEAR_MS, modified ?? 0)));
  return { name, lastModified, size, mode: isExecutable ? EXECUTABLE_MODE : MODE };
}

/** The same bytes in pieces of one size, each the reader's own. */
function inChunks(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  let waiting: Uint8Array = new Uint8Array(0);
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        const chunk = new Uint8Array(CHUNK_BYTES);
        let filled = 0;
        while (filled < chunk.length) {
          if (waiting.length === 0) {
            const next = await reader.read();
            if (next.done) break;
            waiting = next.value;
          }
          const some = waiting.subarray(0, chunk.length - filled);
          chunk.set(some, filled);
          filled += some.length;
          waiting = waiting.subarray(some.length);
        }
        if (filled > 0) controller.enqueue(filled < chunk.length ? chunk.slice(0, filled) : chunk);
        if (filled < chunk.length) controller.close();
      },
      // The library throws the reason at who gives it files, and gets it back.
      cancel: (reason) => reader.cancel(reason).catch(() => undefined),
    },
    { highWaterMark: 0 },
  );
}
