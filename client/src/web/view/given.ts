// What is given to the page as a whole: files dropped anywhere on it, and what is pasted.

import { isLinkOrId } from '../text/wanted.ts';
import { troubleWords } from '../text/words/en/trouble.ts';

export interface Receiver {
  take(files: readonly File[]): void;
  /** All that was dropped, if a folder is among it. */
  takeFolders(entries: readonly FileSystemEntry[]): void;
  /** The link or id of a file was pasted. */
  open(link: string): void;
  /** Files are held over the page, or no longer. */
  hover(isOver: boolean): void;
}

/** Watches the whole window, so that the browser never opens a file instead of the page. Returns how to stop. */
export function watchGiven(window: Window, { take, takeFolders, open, hover }: Receiver): () => void {
  const watch = new AbortController();
  const { signal } = watch;
  window.addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      hover(true);
    },
    { signal },
  );
  // Leaving one element for another on the page tells which.
  window.addEventListener('dragleave', (event) => event.relatedTarget === null && hover(false), { signal });
  window.addEventListener(
    'drop',
    (event) => {
      hover(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      // Only now, while the drop is being told, does the browser say what is a folder.
      const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
      if (entries.some((entry) => entry.isDirectory)) takeFolders(entries);
      else take([...(event.dataTransfer?.files ?? [])]);
    },
    { signal },
  );
  window.addEventListener(
    'paste',
    (event) => {
      if (event.clipboardData === null || isEditable(event.target)) return;
      const { files } = event.clipboardData;
      const text = event.clipboardData.getData('text/plain');
      if (files.length > 0) take([...files]);
      else if (isLinkOrId(text.trim())) open(text.trim());
      else if (text !== '') take([new File([text], troubleWords().pastedName, { type: 'text/plain' })]);
    },
    { signal },
  );
  return () => watch.abort();
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') ?? false;
}

/** Text goes where it is typed. */
function isEditable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
}
