// Files that the browser writes where the user says (File System Access API): Chromium has it.

import { PeerError } from '../../peer/errors.ts';

interface PickedFile {
  /** As the user called it. */
  readonly name: string;
  /** Appears whole, or not at all: the browser writes beside it first. */
  write(bytes: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<void>;
}

interface WithPicker {
  showSaveFilePicker(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** Undefined where the browser has no such thing, or does not let this page. Rejects as `aborted` if the user chooses none. */
export async function pickFile(suggestedName: string): Promise<PickedFile | undefined> {
  if (!hasPicker(window)) return undefined;
  try {
    const handle = await window.showSaveFilePicker({ suggestedName });
    return { name: handle.name, write: (bytes, signal) => writeTo(handle, bytes, signal) };
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    if (name === 'AbortError') throw new PeerError('aborted', 'no file was chosen', error);
    // Within frames of others, by policy, or if the click is too long ago.
    if (name === 'SecurityError' || name === 'NotAllowedError') return undefined;
    throw error;
  }
}

async function writeTo(
  handle: FileSystemFileHandle,
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): Promise<void> {
  const writable = await handle.createWritable();
  try {
    await bytes.pipeTo(writable, { signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError')
      throw new PeerError('full', 'the disk is full: make room, or choose another place', error);
    throw error;
  }
}

function hasPicker(page: object): page is WithPicker {
  return 'showSaveFilePicker' in page && typeof page.showSaveFilePicker === 'function';
}
