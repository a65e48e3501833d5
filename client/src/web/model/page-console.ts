// The page's console: the prompt of a peer (client/src/prompt/) as lines in memory, for a view to show.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { PeerApi, PeerEvent } from '../../peer/api.ts';
import type { KeptParts } from '../../peer/kept-parts.ts';
import { parseFileLink } from '../../peer/parse-file-link.ts';
import type { RetrievedFile } from '../../peer/retrieved-file.ts';
import { PromptError } from '../../prompt/command.ts';
import { Happenings } from '../../prompt/happenings.ts';
import { peerCommands } from '../../prompt/peer-commands.ts';
import { Prompt } from '../../prompt/prompt.ts';
import { lastCopiesText } from '../../prompt/status-text.ts';
import type { StorableFile } from '../../prompt/store-text.ts';
import { savedText } from '../text/saved-text.ts';
import { OPEN } from '../text/words/en/open.ts';
import { CommandHistory } from './command-history.ts';
import { type ConsoleLine, lineText } from './console-line.ts';
import { IN_MEMORY_BYTES, type PageFiles } from './page-files.ts';
import type { Uploads } from './uploads.ts';

export interface ConsoleSurroundings {
  readonly files: PageFiles;
  /** Calls `run` once, some milliseconds later. */
  later(run: () => void, delayMs: number): void;
}

/** More lines than a person reads back; keeps a busy tab's page small. */
const MAX_LINES = 1_000;
/** Characters that the console's lines have room for on a large screen; on a small one it scrolls. */
const COLUMNS = 110;
/** Lines come in bursts; they are shown together, milliseconds. */
const SHOW_AFTER_MS = 50;

export class PageConsole {
  readonly history = new CommandHistory();
  readonly #surroundings: ConsoleSurroundings;
  readonly #prompt: Prompt;
  readonly #lines = signal<readonly ConsoleLine[]>([]);
  readonly #isRunning = signal(false);
  #unshown: ConsoleLine[] = [];
  #count = 0;
  #isShowDue = false;
  #abort = new AbortController();

  /** `past`: what the peer told before, the first first. */
  constructor(peer: PeerApi, uploads: Uploads, surroundings: ConsoleSurroundings, past: readonly PeerEvent[] = []) {
    this.#surroundings = surroundings;
    const happenings = new Happenings(
      {
        inspect: () => peer.inspect(),
        subscribe: (listener) => {
          for (const event of past) listener(event);
          return peer.subscribe(listener);
        },
      },
      (line) => this.#add('event', line),
      'changes',
      () => COLUMNS,
    );
    const signalOfRun = (): AbortSignal => this.#abort.signal;
    const commands = peerCommands({
      ...{ peer, happenings, storeParameters: [], saveParameters: [] },
      open: () => this.#choose(uploads),
      prepareToSave: async () => async (link, onHead) => {
        const signal = signalOfRun();
        const file = await peer.retrieve(link, { signal });
        if (file.folder !== undefined)
          throw new PromptError('it is a folder: open its link on the page, and save its files there');
        onHead(file);
        if (file.size > IN_MEMORY_BYTES) {
          const open = (kept: KeptParts | undefined): Promise<RetrievedFile> => peer.retrieve(link, { signal, kept });
          const request = { head: file, fileId: parseFileLink(link).fileId, signal, open };
          return savedText(await surroundings.files.saveLarge(request), OPEN);
        }
        // A neutral type: a page or picture of a stranger's must be saved, never run under this page's origin.
        surroundings.files.save(file.name, new Blob([await file.blob()], { type: 'application/octet-stream' }));
        return savedText({ kind: 'browser', name: file.name }, OPEN);
      },
      leave: async () => {
        const last = lastCopiesText(await peer.leave());
        if (last !== undefined) this.#add('complaint', `no other node holds now: ${last}`);
      },
      columns: () => COLUMNS,
      get signal() {
        return signalOfRun();
      },
      exitHelp: 'leave the ring in good order; then close the tab',
    });
    this.#prompt = new Prompt(commands, {
      print: (line) => this.#add('answer', line),
      complain: (line) => this.#add('complaint', line),
      bug: (error) => console.error(error),
    });
  }

  /** Oldest first. */
  get lines(): ReadonlySignal<readonly ConsoleLine[]> {
    return this.#lines;
  }

  get isRunning(): ReadonlySignal<boolean> {
    return this.#isRunning;
  }

  /** All lines as one text, to be copied. */
  get text(): string {
    return [...this.#lines.peek(), ...this.#unshown].map(lineText).join('\n');
  }

  /** Runs a line, unless one is running; resolves when it is done. */
  async run(line: string): Promise<void> {
    if (this.#isRunning.peek()) return;
    this.#isRunning.value = true;
    this.#abort = new AbortController();
    this.history.add(line);
    this.#add('command', line);
    await this.#prompt.run(line);
    this.#isRunning.value = false;
  }

  /** Stops the command that runs, if it can be stopped. */
  stop(): void {
    this.#abort.abort();
  }

  /** What `line` becomes: completed as far as there is no choice. Where there is one, it is printed. */
  complete(line: string): string {
    const choices = this.#prompt.complete(line);
    const [first] = choices;
    if (first === undefined) return line;
    if (choices.length === 1) return `${first} `;
    const common = choices.reduce(commonStart);
    if (common.length > line.length) return common;
    for (const choice of choices) this.#add('answer', choice);
    return line;
  }

  clear(): void {
    this.#unshown = [];
    this.#lines.value = [];
  }

  async #choose(uploads: Uploads): Promise<readonly StorableFile[]> {
    this.#add('answer', 'choose the files to store');
    const files = await this.#surroundings.files.choose(this.#abort.signal);
    if (files.length === 0) throw new PromptError('no file was chosen');
    return files.map((file) => ({
      ...{ name: file.name, type: file.type, size: file.size },
      slice: (start, end) => file.slice(start, end),
      // Through the page's queue, so that its list shows it and closing the tab warns.
      store: (options) => uploads.store(file, options),
    }));
  }

  #add(kind: ConsoleLine['kind'], text: string): void {
    this.#count += 1;
    this.#unshown.push({ number: this.#count, kind, text });
    if (this.#isShowDue) return;
    this.#isShowDue = true;
    this.#surroundings.later(() => {
      this.#isShowDue = false;
      this.#lines.value = [...this.#lines.peek(), ...this.#unshown].slice(-MAX_LINES);
      this.#unshown = [];
    }, SHOW_AFTER_MS);
  }
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
