import { describe, expect, it } from 'vitest';
import { PeerError } from '../../src/peer/errors.ts';
import type { FolderFile } from '../../src/peer/folder-list.ts';
import { dismissPart, type FetchedFolder, saveFrom } from '../../src/web/model/folder-parts.ts';
import { lookupsOf } from '../../src/web/model/lookups.ts';
import { nameSearchOf } from '../../src/web/model/name-search.ts';
import { IN_MEMORY_BYTES, type PageFiles, type SaveRequest } from '../../src/web/model/page-files.ts';
import { isAnyLost, PageModel } from '../../src/web/model/page-model.ts';
import { sharesOf } from '../../src/web/model/shares.ts';
import type { SavedFile } from '../../src/web/text/saved-text.ts';
import { isLinkOrId } from '../../src/web/text/wanted.ts';
import { DemoPeer, demoId } from './demo-peer.ts';

function setUp({ isActive = true, page = {} }: { isActive?: boolean; page?: Partial<PageFiles> } = {}) {
  const peer = new DemoPeer(['3f2a', '81bc', '9d00']);
  if (isActive) peer.activate();
  const time = { now: 0 };
  const due: (() => void)[] = [];
  const saved: { readonly name: string; readonly content: Blob }[] = [];
  const went: string[] = [];
  const model = new PageModel(peer, {
    now: () => time.now,
    today: () => new Date(0),
    later: (run) => due.push(run),
    here: () => 'http://localhost:8080/r/class-3b/#/ring',
    go: (hash) => went.push(hash),
    files: {
      ...{ choose: async () => [], prepare: async () => undefined },
      save: (name, content) => saved.push({ name, content }),
      saveLarge: () => Promise.reject(new Error('not asked for')),
      dropped: async () => ({ files: [], leftOut: [] }),
      sourceOf: async () => new File([], 'x'),
      openFolder: () => Promise.reject(new Error('not asked for')),
      ...page,
    },
  });
  const runDue = (): void => {
    for (const run of due.splice(0)) run();
  };
  return { peer, model, time, due, runDue, saved, went };
}

/** Larger than what is stored together with others. */
const large = (name: string) => file(name, 'x'.repeat(70_000));
const file = (name: string, text = 'some text') => new File([text], name, { type: 'text/plain' });

/** Lets promises that are settled run their continuations. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function finish(peer: DemoPeer) {
  for (let step = 0; step < 4; step += 1) {
    await settle();
    peer.advance();
  }
  await settle();
}

describe('PageModel', () => {
  it('stores what is shared, opens a link, and names what could not come', async () => {
    const { peer, model, went } = setUp();
    const link = `http://localhost:8080/r/class-3b/#/f/${'ab'.repeat(32)}`;
    const taking = sharesOf(model).take(
      {
        id: '1',
        items: [
          { kind: 'file', file: file('a.txt') },
          { kind: 'text', text: link },
          { kind: 'refused', name: 'large.mov' },
        ],
      },
      model,
      true,
    );
    await finish(peer);
    await taking;
    expect(went).toEqual(['#/', `#/f/${'ab'.repeat(32)}`]);
    expect(peer.listFiles().own.map(({ name }) => name)).toEqual(['a.txt']);
    expect(model.uploads.list.value.map(({ label, state }) => [label, state.value.phase])).toEqual([
      ['large.mov', 'failed'],
    ]);
  });

  it('asks about what may come from anywhere, and stores nothing of what is not wanted', async () => {
    const { peer, model } = setUp();
    const shares = sharesOf(model);
    const share = { id: '1', items: [{ kind: 'file', file: file('a.txt') }] } as const;
    const refused = shares.take(share, model, false);
    expect(shares.asked.value.map(({ id }) => id)).toEqual(['1']);
    shares.asked.value[0]?.answer(false);
    await refused;
    expect([shares.asked.value, model.uploads.list.value]).toEqual([[], []]);
    const wanted = shares.take(share, model, false);
    shares.asked.value[0]?.answer(true);
    await finish(peer);
    await wanted;
    expect(peer.listFiles().own).toHaveLength(1);
  });

  it('redraws once for a burst of events', async () => {
    const { peer, model, due, runDue } = setUp();
    await model.loadBehind();
    runDue();
    due.splice(0);
    for (let index = 0; index < 50; index += 1) peer.trace({ kind: 'leaf-added', nodeId: demoId('81bc') });
    expect(due).toHaveLength(1);
    expect(model.lines.value).toHaveLength(0);
    runDue();
    expect(model.lines.value).toHaveLength(50);
  });

  it('gives up all that are being stored at one press, and keeps none of them in the list', async () => {
    const { model } = setUp();
    const stores = ['a', 'b', 'c'].map((name) => model.uploads.store(file(`${name}.txt`)).catch(() => 'given up'));
    model.uploads.refuse('d.txt', new Error('no file'));
    model.uploads.cancelAll();
    expect(await Promise.all(stores)).toEqual(['given up', 'given up', 'given up']);
    expect(model.uploads.list.value.map(({ label }) => label)).toEqual(['d.txt']);
  });

  it('P40: warns before closing where something would be lost, and no longer once others have it or it has left', async () => {
    const { peer, model } = setUp();
    expect(model.isClosingUnsafe).toBe(false);
    const storing = model.uploads.store(file('a.txt'));
    expect(model.isClosingUnsafe).toBe(true);
    await finish(peer);
    const { fileId } = await storing;
    expect(model.isClosingUnsafe).toBe(false);
    peer.onlyHere.add(fileId);
    expect(model.isClosingUnsafe).toBe(true);
    await peer.leave();
    expect(model.isClosingUnsafe).toBe(false);
  });

  it('P40: shows what closing would cost as it is by now, though no event tells of that, until it has left', async () => {
    const { peer, model, due, runDue } = setUp();
    await model.loadBehind();
    const storing = model.uploads.store(file('a.txt'));
    await finish(peer);
    const { fileId } = await storing;
    runDue();
    expect(isAnyLost(model.closing.value)).toBe(false);
    for (const isOnlyHere of [true, false]) {
      if (isOnlyHere) peer.onlyHere.add(fileId);
      else peer.onlyHere.delete(fileId);
      runDue();
      expect(isAnyLost(model.closing.value)).toBe(isOnlyHere);
    }
    await peer.leave();
    runDue();
    expect(due).toHaveLength(0);
  });

  it('keeps a bounded log, newest first, of what was told before it was there too', async () => {
    const { peer, model, runDue } = setUp();
    peer.trace({ kind: 'departed', nodeId: demoId('81bc') });
    await model.loadBehind();
    runDue();
    expect(model.lines.value.map(({ text }) => text)).toContain('81bc… said goodbye and left the ring.');
    for (let index = 0; index < 1_000; index += 1) peer.trace({ kind: 'leaf-added', nodeId: demoId('81bc') });
    peer.trace({ kind: 'failed', nodeId: demoId('9d00') });
    runDue();
    expect(model.lines.value).toHaveLength(300);
    expect(model.lines.value[0]?.text).toContain('9d00… answers no probe');
  });

  it('loads a console that prints what was told before it was there', async () => {
    const { peer, model, runDue } = setUp({ isActive: false });
    peer.trace({ kind: 'joined', route: [demoId('81bc')] });
    peer.activate();
    await model.loadBehind();
    peer.trace({ kind: 'departed', nodeId: demoId('9d00') });
    runDue();
    const text = model.behind.value?.console.text ?? '';
    expect(text).toMatch(/^route of the join\n[\s\S]*\nactive\n[\s\S]*9d00[0-9a-f]* left/);
    await model.loadBehind();
    expect(model.behind.value?.console.text).toBe(text);
  });

  it('shows the Discovery node as away and back', () => {
    const { peer, model } = setUp();
    expect(model.discovery.value.state).toBe('registered');
    peer.emit({ type: 'discovery', state: 'away', message: '' });
    expect(model.discovery.value.state).toBe('away');
  });
});

describe('Uploads', () => {
  it('wait for the tab to be active, then store two large ones at a time in order', async () => {
    const { peer, model } = setUp({ isActive: false });
    const stores = ['a', 'b', 'c'].map((name) => model.uploads.store(large(name)));
    const phases = () => model.uploads.list.value.map((upload) => upload.state.value.phase);
    await settle();
    expect(phases()).toEqual(['waiting', 'waiting', 'waiting']);
    expect(model.uploads.areUnderWay.value).toBe(true);
    peer.activate();
    await settle();
    expect(phases()).toEqual(['running', 'running', 'waiting']);
    await finish(peer);
    expect(phases()).toEqual(['running']);
    await finish(peer);
    expect(await Promise.all(stores)).toHaveLength(3);
    expect(model.uploads.list.value).toEqual([]);
    expect(model.uploads.areUnderWay.value).toBe(false);
  });

  it('store many small ones at a time, beside a large one fewer', async () => {
    const { peer, model } = setUp();
    const stores = [large('a'), ...Array.from({ length: 40 }, (_, index) => file(`small ${index}`))].map((each) =>
      model.uploads.store(each),
    );
    const running = () => model.uploads.list.value.filter(({ state }) => state.value.phase === 'running').length;
    await settle();
    expect(running()).toBe(17);
    while (model.uploads.list.value.length > 0) await finish(peer);
    expect(new Set((await Promise.all(stores)).map(({ fileId }) => fileId)).size).toBeGreaterThan(1);
    const more = Array.from({ length: 40 }, (_, index) => model.uploads.store(file(`more ${index}`)));
    await settle();
    expect(running()).toBe(32);
    while (model.uploads.list.value.length > 0) await finish(peer);
    await Promise.all(more);
  });

  it('show progress with speed and time left', async () => {
    const { peer, model, time } = setUp();
    const stored = model.uploads.store(file('a', 'x'.repeat(1_000)));
    await settle();
    for (time.now = 1_000; time.now <= 3_000; time.now += 1_000) peer.advance();
    const state = model.uploads.list.value[0]?.state.value;
    expect(state).toMatchObject({ phase: 'running', doneBytes: 750, totalBytes: 1_000 });
    expect(state?.phase === 'running' && state.rate).toEqual({ bytesPerSecond: 250, leftMs: 1_000 });
    peer.advance();
    await stored;
  });

  it('can be cancelled while running and while waiting; the next one takes the turn', async () => {
    const { peer, model } = setUp();
    const outcomes = ['a', 'b', 'c', 'd'].map((name) =>
      model.uploads.store(large(name)).then(
        () => 'stored',
        (error: unknown) => (error instanceof PeerError ? error.code : error),
      ),
    );
    await settle();
    const [a, , c] = model.uploads.list.value;
    a?.cancel();
    c?.cancel();
    await finish(peer);
    expect(await Promise.all(outcomes)).toEqual(['aborted', 'stored', 'aborted', 'stored']);
    expect(model.uploads.list.value.map((upload) => upload.state.value.phase)).toEqual(['cancelled', 'cancelled']);
    expect(model.uploads.areUnderWay.value).toBe(false);
  });

  it('show in words why one failed, and let it be dismissed', async () => {
    const { peer, model } = setUp();
    await peer.leave();
    await expect(model.uploads.store(file('a'))).rejects.toMatchObject({ code: 'left' });
    const [upload] = model.uploads.list.value;
    expect(upload?.state.value).toMatchObject({ phase: 'failed', code: 'left' });
    if (upload !== undefined) model.uploads.dismiss(upload);
    expect(model.uploads.list.value).toEqual([]);
  });
});

describe('Downloads', () => {
  it('give a file to save, of a type that never runs in the page', async () => {
    const { peer, model, saved } = setUp();
    const stored = model.uploads.store(file('page.html', '<script>'));
    await finish(peer);
    const { link } = await stored;
    void model.downloads.fetch(link);
    void model.downloads.fetch(` ${link} `);
    await settle();
    expect(model.downloads.list.value).toHaveLength(1);
    // Known before any of it is here.
    expect(model.downloads.list.value[0]?.head.value).toEqual({ name: 'page.html', type: 'text/plain', size: 8 });
    await finish(peer);
    const [download] = model.downloads.list.value;
    const here = { name: 'page.html', type: 'text/plain', size: 8, state: 'here', content: expect.any(Blob) };
    expect(download?.transfer.state.value).toEqual({ phase: 'done', result: here });
    expect(saved).toEqual([]);
    if (download !== undefined) await model.downloads.save(download);
    expect(saved.map(({ name, content }) => [name, content.type])).toEqual([['page.html', 'application/octet-stream']]);
    expect(await saved[0]?.content.text()).toBe('<script>');
    const [again] = model.downloads.list.value;
    expect(again?.transfer.state.value).toMatchObject({ phase: 'done', result: { state: 'saved' } });
    if (again !== undefined) await model.downloads.save(again);
    expect(saved).toHaveLength(2);
  });

  it('save a file as soon as it is here if that was asked for while it came', async () => {
    const { peer, model, saved } = setUp();
    const stored = model.uploads.store(file('early.txt'));
    await finish(peer);
    model.downloads.open((await stored).link);
    const [download] = model.downloads.list.value;
    if (download !== undefined) void model.downloads.save(download);
    await settle();
    expect([download?.isSaveWanted.value, saved.length]).toEqual([true, 0]);
    expect(model.isClosingUnsafe).toBe(true);
    await finish(peer);
    expect(saved.map(({ name }) => name)).toEqual(['early.txt']);
    expect(model.isClosingUnsafe).toBe(false);
  });

  it('keep one before the user; those put aside go on', async () => {
    const { peer, model, went } = setUp();
    const stores = ['one.txt', 'two.txt'].map((name) => model.uploads.store(file(name, name)));
    await finish(peer);
    const [one, two] = (await Promise.all(stores)).map(({ link }) => link);
    model.downloads.open(one ?? '');
    model.downloads.open(two ?? '');
    expect(two).toContain(model.downloads.opened.value);
    await finish(peer);
    expect(model.downloads.list.value.map(({ head }) => head.value?.name)).toEqual(['two.txt', 'one.txt']);
    model.downloads.close();
    expect([model.downloads.opened.value, model.downloads.list.value.length]).toEqual([undefined, 2]);
    model.open(` ${'AB'.repeat(32)} `);
    expect(went).toEqual([`#/f/${'ab'.repeat(32)}`]);
  });

  it('keep one entry of a file, however its link is spelled, and of one that failed the latest', async () => {
    const { peer, model } = setUp();
    const id = 'ab'.repeat(32);
    const link = `#/f/${id}.${'k'.repeat(43)}`;
    const asked: string[] = [];
    peer.retrieve = async (source) => {
      asked.push(source);
      if (!source.endsWith('k')) throw new PeerError('wrong-key', 'the key is missing');
      const blob = async () => new Blob(['x']);
      return { name: 'a.txt', type: '', size: 1, stream: () => new Blob(['x']).stream(), blob };
    };
    await model.downloads.fetch(id);
    for (const spelled of [
      `https://ring.example/${link}`,
      `http://localhost:8080/?id=3f${link}`,
      `  ${link}\n`,
      `see ${link.replace(id, id.toUpperCase())}.`,
    ])
      model.downloads.open(spelled);
    await settle();
    // Who comes back to its id has its key still.
    model.downloads.open(id);
    await settle();
    expect([asked.length, model.downloads.list.value.map(({ source }) => source)]).toEqual([2, [link]]);
    expect(model.downloads.before?.head.value?.name).toBe('a.txt');
  });

  it('let one be closed, which frees its memory and ends what still comes', async () => {
    const { peer, model } = setUp();
    const stores = ['one.txt', 'two.txt'].map((name) => model.uploads.store(file(name, name)));
    await finish(peer);
    for (const { link } of await Promise.all(stores)) model.downloads.open(link);
    await settle();
    const [two, one] = model.downloads.list.value;
    if (one === undefined) throw new Error('none is open');
    expect(one.transfer.state.value.phase).toBe('running');
    model.downloads.dismiss(one);
    expect(model.downloads.list.value).toEqual([two]);
    expect([one.transfer.signal.aborted, one.transfer.state.value.phase]).toEqual([true, 'cancelled']);
  });

  it('shows a folder’s list, and fetches its files when they are saved, each in a row of its own', async () => {
    const saved: string[] = [];
    const file = {
      kind: 'file',
      path: 'deep/a.txt',
      size: 3,
      offset: 0,
      type: '',
      modified: 0,
      isExecutable: false,
    } as const;
    const openFolder: PageFiles['openFolder'] = async (whole) => ({
      entries: [file],
      saveOne: async ({ path }) => {
        saved.push(`${whole.name} ${path}`);
        if (saved.length === 1) throw new PeerError('not-found', 'nobody has it');
        return { kind: 'written', name: 'a.txt' };
      },
      saveAll: async () => ({ kind: 'folder', name: 'photos', without: [] }),
    });
    const { peer, model } = setUp({ page: { openFolder } });
    const retrieved = { name: 'photos', type: 'inode/directory', size: 1_024 };
    peer.retrieve = async () => ({
      ...{ ...retrieved, folder: { files: 1, listAt: 3, listBytes: 9 } },
      stream: () => new Blob([]).stream(),
      blob: async () => new Blob([]),
    });
    await model.downloads.fetch('7'.repeat(64));
    const [opened] = model.downloads.list.value;
    if (opened === undefined) throw new Error('no folder');
    expect(opened.transfer.state.value).toMatchObject({ phase: 'done', result: { state: 'folder', size: 3 } });
    // Neither the bytes of its list nor the name of its type mean anything to people.
    expect(opened.head.value).toMatchObject({ type: '', size: 3 });
    const fetched = opened.transfer.state.value;
    if (fetched.phase !== 'done' || fetched.result.state !== 'folder') throw new Error('no folder');
    const save = (one?: FolderFile) => saveFrom(opened, fetched.result as FetchedFolder, () => 0, one);
    await save(file);
    const states = () => opened.parts.value.map(({ transfer }) => [transfer.label, transfer.state.value.phase]);
    expect(states()).toEqual([['a.txt', 'failed']]);
    // Another try takes the place of what failed.
    await save(file);
    await save();
    expect(states()).toEqual([
      ['photos', 'done'],
      ['a.txt', 'done'],
    ]);
    expect(saved).toEqual(['photos deep/a.txt', 'photos deep/a.txt']);
    const [all] = opened.parts.value;
    expect(all?.transfer.state.value).toMatchObject({ result: { kind: 'folder', name: 'photos' } });
    if (all !== undefined) dismissPart(opened, all);
    expect(states()).toHaveLength(1);
    // Who chooses no place for it has thought better of it.
    fetched.result.open.saveAll = () => Promise.reject(new PeerError('aborted', 'no folder was chosen'));
    await save();
    expect(states()).toHaveLength(1);
    expect(model.downloads.list.value).toHaveLength(1);
  });

  it('offer a file that is too large for memory, and fetch it as it is saved', async () => {
    const requests: SaveRequest[] = [];
    const how = { kind: 'written', name: 'somewhere' } as const;
    const saveLarge = async (request: SaveRequest): Promise<SavedFile> => {
      requests.push(request);
      return how;
    };
    const { peer, model, saved } = setUp({ page: { saveLarge } });
    const slice = () => ({ arrayBuffer: async () => new ArrayBuffer(0) });
    const stored = peer.store({ name: 'huge.iso', type: '', size: IN_MEMORY_BYTES + 1, slice });
    await finish(peer);
    const { link, fileId } = await stored;
    await model.downloads.fetch(link);
    const state = () => model.downloads.list.value[0]?.transfer.state.value;
    const head = { name: 'huge.iso', type: '', size: IN_MEMORY_BYTES + 1 };
    expect(state()).toEqual({ phase: 'done', result: { ...head, state: 'offered' } });
    const [offer] = model.downloads.list.value;
    if (offer !== undefined) await model.downloads.save(offer);
    expect(state()).toEqual({
      phase: 'done',
      result: { ...head, state: 'saved', how, content: undefined },
    });
    expect([requests.length, requests[0]?.head, requests[0]?.fileId, saved.length]).toEqual([1, head, fileId, 0]);
  });

  it('say what is wrong with a link, and can be tried again', async () => {
    const { model } = setUp();
    await model.downloads.fetch('nonsense');
    await model.downloads.fetch('nonsense');
    expect(model.downloads.list.value).toHaveLength(1);
    expect(model.downloads.list.value[0]?.transfer.state.value).toMatchObject({ phase: 'failed', code: 'bad-link' });
  });
});

describe('Lookups', () => {
  it('show the route, or what is wrong with the key', async () => {
    const { model } = setUp();
    await lookupsOf(model).lookup('82');
    expect(lookupsOf(model).state.value).toMatchObject({ phase: 'found', result: { root: demoId('81bc'), hops: 2 } });
    await lookupsOf(model).lookup('xyz');
    expect(lookupsOf(model).state.value).toMatchObject({ phase: 'failed', error: { code: 'bad-id' } });
  });
});

describe('NameSearch', () => {
  it('finds the public files of a name, and says what went wrong', async () => {
    const { peer, model } = setUp({ isActive: false });
    const searching = nameSearchOf(model).search('report.pdf');
    await nameSearchOf(model).search('another while this one runs');
    expect(nameSearchOf(model).state.value).toEqual({ phase: 'running', name: 'report.pdf' });
    peer.activate();
    await searching;
    expect(nameSearchOf(model).state.value).toMatchObject({ phase: 'found', found: { name: 'report.pdf', files: [] } });
    const stored = peer.store(file('report.pdf'), { isPublic: true });
    await finish(peer);
    const { fileId } = await stored;
    await nameSearchOf(model).search('report.pdf');
    expect(nameSearchOf(model).state.value).toMatchObject({ phase: 'found', found: { files: [{ fileId }] } });
    nameSearchOf(model).dismiss();
    expect(nameSearchOf(model).state.value).toEqual({ phase: 'idle' });
    peer.find = () => Promise.reject(new PeerError('timed-out', 'nobody answered'));
    await nameSearchOf(model).search('x');
    expect(nameSearchOf(model).state.value).toMatchObject({ phase: 'failed', error: { code: 'timed-out' } });
  });

  it('is for names: links and ids, damaged ones too, are fetched', () => {
    const fileId = 'ab'.repeat(32);
    for (const text of [fileId, fileId.slice(1), `https://x.example/#/f/${fileId}`, `#/f/${fileId}`, 'https://x']) {
      expect(isLinkOrId(text)).toBe(true);
    }
    // A private file's address without the rest, and as some programs write it.
    for (const start of ['', '/%23/f/']) expect(isLinkOrId(`${start}${'ab'.repeat(32)}.${'k'.repeat(43)}`)).toBe(true);
    for (const text of ['report.pdf', 'cafe', '日本', 'a/b.txt']) expect(isLinkOrId(text)).toBe(false);
  });
});
