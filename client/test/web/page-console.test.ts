import { describe, expect, it } from 'vitest';
import { CommandHistory } from '../../src/web/model/command-history.ts';
import { lineText } from '../../src/web/model/console-line.ts';
import { PageConsole } from '../../src/web/model/page-console.ts';
import type { PageFiles } from '../../src/web/model/page-files.ts';
import { Uploads } from '../../src/web/model/uploads.ts';
import { DemoPeer, demoId } from './demo-peer.ts';

function setUp(files: readonly File[] = []) {
  const peer = new DemoPeer(['3f2a', '81bc', '9d00']);
  peer.activate();
  const due: (() => void)[] = [];
  const saved: { readonly name: string; readonly content: Blob }[] = [];
  const page: PageFiles = {
    choose: (signal) =>
      files.length > 0
        ? Promise.resolve(files)
        : new Promise((resolve) => signal.addEventListener('abort', () => resolve([]))),
    save: (name, content) => saved.push({ name, content }),
    prepare: async () => undefined,
    saveLarge: async ({ head }) => ({ kind: 'written', name: head.name }),
    dropped: async () => ({ files: [], leftOut: [] }),
    sourceOf: async () => new File([], 'x'),
    openFolder: () => Promise.reject(new Error('not asked for')),
  };
  const uploads = new Uploads(peer, () => 0);
  const console = new PageConsole(peer, uploads, { files: page, later: (run) => due.push(run) });
  const shown = (): readonly string[] => {
    for (const run of due.splice(0)) run();
    return console.lines.value.map(lineText);
  };
  return { peer, console, uploads, saved, due, shown };
}

/** Lets promises that are settled run their continuations. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function finish(peer: DemoPeer) {
  for (let step = 0; step < 4; step += 1) {
    await settle();
    peer.advance();
  }
  await settle();
}

describe('the page’s console', () => {
  it('shows commands, answers and complaints, together after a burst', async () => {
    const { console, due, shown } = setUp();
    await console.run('lookup 81');
    await console.run('frobnicate');
    expect(due).toHaveLength(1);
    expect(shown()).toEqual([
      '> lookup 81',
      `key 81${'0'.repeat(30)}`,
      'route',
      `  0 ${demoId('3f2a')}`,
      `  1 ${demoId('9d00')}`,
      `  2 ${demoId('81bc')}`,
      `root ${demoId('81bc')}`,
      '> frobnicate',
      'unknown command "frobnicate": type "help" for those there are',
    ]);
    expect(console.lines.value.map(({ kind }) => kind)).toEqual([
      ...['command', ...Array(6).fill('answer'), 'command', 'complaint'],
    ]);
    expect(console.text).toBe(shown().join('\n'));
    console.clear();
    expect([shown(), console.text]).toEqual([[], '']);
  });

  it('shows what happens, and no more lines than a person reads', () => {
    const { peer, console, shown } = setUp();
    const key = demoId('8d');
    for (let hop = 0; hop < 1_500; hop += 1) {
      peer.trace({ kind: 'routed', what: 'lookup', key, origin: key, hop, nextHop: undefined, rule: 'root' });
    }
    expect(shown()).toHaveLength(1_000);
    expect(console.lines.value.at(-1)).toMatchObject({
      kind: 'event',
      text: `lookup: key ${key}, from ${key}, hop 1499, next hop none, this node is the root`,
    });
  });

  it('stores chosen files through the page’s list, and runs one command at a time', async () => {
    const { peer, console, uploads, shown } = setUp([new File(['hello'], 'my file.txt')]);
    const storing = console.run('store');
    await settle();
    await console.run('id');
    expect(console.isRunning.value).toBe(true);
    expect(uploads.list.value.map(({ label }) => label)).toEqual(['my file.txt']);
    await finish(peer);
    await storing;
    expect(shown().slice(0, 3)).toEqual(['> store', 'choose the files to store', 'file my file.txt, 5 bytes']);
    expect(shown().at(-1)).toBe('stored: 3 copies');
    expect(console.isRunning.value).toBe(false);
  });

  it('saves a fetched file as bytes of no type', async () => {
    const { peer, console, saved, shown } = setUp();
    const storing = peer.store(new File(['<script>'], 'page.html', { type: 'text/html' }));
    await finish(peer);
    const { fileId } = await storing;
    const fetching = console.run(`retrieve ${fileId}`);
    await finish(peer);
    await fetching;
    expect(shown().slice(-2)).toEqual(['file page.html, 8 bytes, text/html', 'the browser saves it as page.html']);
    expect(saved.map(({ name, content }) => [name, content.type])).toEqual([['page.html', 'application/octet-stream']]);
    expect(await saved[0]?.content.text()).toBe('<script>');
  });

  it('stops a command', async () => {
    const { console, shown } = setUp();
    const choosing = console.run('store');
    await settle();
    console.stop();
    await choosing;
    expect(shown().slice(-1)).toEqual(['store: no file was chosen']);
  });

  it('completes as far as there is no choice, and shows the choices', () => {
    const { console, shown } = setUp();
    expect(console.complete('loo')).toBe('lookup ');
    expect(console.complete('l')).toBe('l');
    expect(shown()).toEqual(['leaf-set', 'list-files', 'lookup']);
    expect(console.complete('re')).toBe('re');
    expect(console.complete('li')).toBe('list-files ');
    expect(console.complete('xyz')).toBe('xyz');
  });
});

describe('the history of commands', () => {
  it('goes back and forth, and keeps what was being typed', () => {
    const history = new CommandHistory();
    expect(history.move(-1, 'draft')).toBe('draft');
    for (const line of ['one', 'two', 'two', ' ']) history.add(line);
    expect(history.move(-1, 'draft')).toBe('two');
    expect(history.move(-1, 'two')).toBe('one');
    expect(history.move(-1, 'one')).toBe('one');
    expect(history.move(1, 'one')).toBe('two');
    expect(history.move(1, 'two')).toBe('draft');
    expect(history.move(1, 'draft!')).toBe('draft!');
  });

  it('is bounded', () => {
    const history = new CommandHistory();
    for (let line = 0; line < 1_000; line += 1) history.add(`line ${line}`);
    let last = '';
    for (let step = 0; step < 1_000; step += 1) last = history.move(-1, '');
    expect(last).toBe('line 800');
  });
});
