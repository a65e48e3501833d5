// What is given to the page as a whole: files dropped anywhere on it, and what is pasted. From the first script on, so that the
// browser never opens a file in the page's place: what comes before there is a page to take it waits.

export interface Receiver {
  take(files: readonly File[]): void;
  /** All that was dropped, if a folder is among it. */
  takeFolders(entries: readonly FileSystemEntry[]): void;
  /** Pasted; not empty. */
  takeText(text: string): void;
  /** Files are held over the page, or no longer. */
  hover(isOver: boolean): void;
}

type Gift = (receiver: Receiver) => void;

export class Given {
  #receiver: Receiver | undefined;
  #waiting: Gift[] = [];

  constructor(window: Window) {
    window.addEventListener('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      this.#receiver?.hover(true);
    });
    // Leaving one element for another on the page tells which.
    window.addEventListener('dragleave', (event) => event.relatedTarget === null && this.#receiver?.hover(false));
    window.addEventListener('drop', (event) => {
      this.#receiver?.hover(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      // Only now, while the drop is being told, does the browser say what is a folder.
      const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
      const files = [...(event.dataTransfer?.files ?? [])];
      const hasFolder = entries.some((entry) => entry.isDirectory);
      this.#give((receiver) => (hasFolder ? receiver.takeFolders(entries) : receiver.take(files)));
    });
    window.addEventListener('paste', (event) => {
      if (event.clipboardData === null || isEditable(event.target)) return;
      const files = [...event.clipboardData.files];
      const text = event.clipboardData.getData('text/plain');
      if (files.length > 0) this.#give((receiver) => receiver.take(files));
      else if (text.trim() !== '') this.#give((receiver) => receiver.takeText(text));
    });
  }

  /** Gives all to `receiver` from now on, what has waited first. Returns how to stop. */
  receivedBy(receiver: Receiver): () => void {
    this.#receiver = receiver;
    for (const gift of this.#waiting.splice(0)) gift(receiver);
    return () => {
      this.#receiver = undefined;
    };
  }

  #give(gift: Gift): void {
    if (this.#receiver === undefined) this.#waiting.push(gift);
    else gift(this.#receiver);
  }
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') ?? false;
}

/** Text goes where it is typed. */
function isEditable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
}
