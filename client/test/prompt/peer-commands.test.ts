import { describe, expect, test, vi } from 'vitest';
import { PromptError } from '../../src/prompt/command.ts';
import { type PeerSurroundings, peerCommands } from '../../src/prompt/peer-commands.ts';
import { Prompt } from '../../src/prompt/prompt.ts';
import { StillPeer } from './still-peer.ts';

const FILE_ID = 'f'.repeat(64);

function setUp(ids: readonly string[] = ['1000', '5000', 'a000'], leafSetSize = 2) {
  const peer = new StillPeer(ids, leafSetSize);
  const lines: string[] = [];
  const saved: string[] = [];
  const controller = new AbortController();
  const surroundings: PeerSurroundings = {
    peer,
    storeParameters: ['<path>'],
    open: async (path = '') => {
      if (path === 'missing') throw new PromptError(`${path}: there is no such file`);
      return [new File(['hello'], path)];
    },
    saveParameters: ['[path]'],
    prepareToSave: async (path) => async (link, onHead) => {
      const file = await peer.retrieve(link);
      onHead(file);
      saved.push(await (await file.blob()).text());
      return `written to ${path ?? file.name}`;
    },
    leave: async () => void (await peer.leave()),
    happenings: { loudness: 'changes' },
    signal: controller.signal,
    exitHelp: 'leave, and end',
  };
  const prompt = new Prompt(peerCommands(surroundings), {
    print: (line) => lines.push(line),
    complain: (line) => lines.push(`! ${line}`),
    bug: (error) => {
      throw error;
    },
  });
  const run = async (line: string): Promise<readonly string[]> => {
    lines.length = 0;
    await prompt.run(line);
    return [...lines];
  };
  return { peer, run, saved, surroundings, prompt, controller };
}

describe('a peer’s commands', () => {
  test('help lists them all', async () => {
    const names = (await setUp().run('help')).map((line) => line.split(' ')[0]);
    expect(names).toEqual([
      ...['print-dht', 'leaf-set', 'routing-table', 'list-files', 'lookup', 'store', 'retrieve'],
      ...['status', 'remove', 'pin', 'unpin', 'id', 'events', 'remove-node', 'exit', 'help'],
    ]);
  });

  test('print-dht prints both tables; in a classroom ring leaf-set and routing-table keep to the course', async () => {
    const { run } = setUp();
    const all = await run('print-dht');
    expect(all.slice(0, 4)).toEqual([
      'leaf set: 2 of 2',
      '  5000  clockwise',
      '  a000  clockwise',
      'routing table: 2 entries (- empty, * own digit)',
    ]);
    expect(await run('leaf-set')).toEqual(['50000123:5000, 5000', 'a0000123:a000, a000']);
    expect((await run('routing-table'))[0]).toMatch(/^0-:,1-:,2-:,3-:,4-:,5-50000123:5000,6-:,/);
    const long = setUp(['10000', '50000', 'a0000']);
    const whole = await long.run('print-dht');
    expect(whole).toEqual([...(await long.run('leaf-set')), ...(await long.run('routing-table'))]);
  });

  test('lookup takes a key, or the name of a file', async () => {
    const { run } = setUp();
    expect(await run('lookup 8')).toEqual(['key 8000', 'route', '  0 1000', '  1 a000', 'root a000']);
    expect((await run('lookup test.png'))[0]).toBe('key 46cd');
    expect((await run('lookup beef'))[0]).toBe('key beef');
    expect((await run('lookup ./beef'))[0]).toBe('key 1424');
    expect((await run('lookup 12345'))[0]).not.toBe('key 1234');
  });

  test('store prints file, id, link, route and copies', async () => {
    const { run } = setUp();
    expect(await run('store "my file.txt"')).toEqual([
      'file my file.txt, 5 bytes',
      `id ${FILE_ID}`,
      `link http://ring.example/#/f/${FILE_ID}`,
      'route',
      '  0 1000',
      '  1 1000',
      'stored: 3 copies',
    ]);
    expect(await run('list-files')).toEqual([
      'stored from here: 1 file',
      `  ${FILE_ID}  3 of 3 copies: safe  5 bytes  my file.txt`,
      'held for the ring: 0 blocks, 0 bytes',
    ]);
    expect(await run('store missing')).toEqual(['! store: missing: there is no such file']);
  });

  test('status tells how many copies there are and whether they are safe, of a link, an id or an own file', async () => {
    const { run } = setUp();
    await run('store "my file.txt"');
    const answer = [`id ${FILE_ID}`, '3 of 3 copies on 1 device: at risk', '1 block'];
    for (const file of [FILE_ID, `http://ring.example/#/f/${FILE_ID}`, '"my file.txt"']) {
      expect(await run(`status ${file}`)).toEqual([...answer, `  ${FILE_ID}  3 of 3 copies on 1`]);
    }
    expect((await run('status nothing')).join()).toMatch(/^! status: /);
  });

  test('remove deletes an own file by name, id or link, and tells at how many holders', async () => {
    const { peer, run } = setUp();
    await run('store "my file.txt"');
    expect(await run('remove "another file"')).toEqual([
      expect.stringMatching(/^! remove: no file "another file" was/),
    ]);
    expect(await run('remove "my file.txt"')).toEqual([
      'my file.txt: deleted at 2 of 3 holders; the others will when they come back',
    ]);
    expect(peer.own).toEqual([]);
    expect(await run(`remove ${FILE_ID}`)).toEqual([expect.stringMatching(/^! remove: /)]);
  });

  test('pin and unpin tell until when a file is kept, and ask which is meant if several have its name', async () => {
    const { peer, run } = setUp();
    await run('store a');
    expect(await run('unpin a')).toEqual(['a is kept until 2027-01-15 08:00 UTC, and then no more']);
    expect(peer.own[0]?.isPinned).toBe(false);
    expect(await run(`pin ${FILE_ID}`)).toEqual(['a is pinned, and kept until 2027-01-15 08:00 UTC']);
    expect(peer.own[0]?.isPinned).toBe(true);
    peer.own = [...peer.own, ...peer.own.map((file) => ({ ...file, fileId: 'e'.repeat(64) }))];
    expect(await run('pin a')).toEqual(['! pin: 2 files called "a" were stored from here: give the id of one']);
  });

  test('store waits for the last copies, but not for ever', async () => {
    const { peer, run, controller } = setUp(['1000', '5000', 'a000'], 4);
    const store = peer.store.bind(peer);
    vi.spyOn(peer, 'store').mockImplementation(async (file) => {
      const stored = await store(file);
      peer.own = peer.own.map((own) => ({ ...own, copies: 2 }));
      return stored;
    });
    const slow = run('store a');
    await vi.waitUntil(() => peer.own.length === 1, { timeout: 60_000 });
    peer.own = peer.own.map((own) => ({ ...own, copies: 3 }));
    await vi.waitUntil(() => {
      peer.emit({ type: 'files' });
      return true;
    });
    expect((await slow).at(-1)).toBe('stored: 3 copies');
    const stopped = run('store b');
    await vi.waitUntil(() => peer.own[0]?.name === 'b', { timeout: 60_000 });
    controller.abort();
    expect((await stopped).at(-1)).toBe('stored: 2 copies');
  });

  test('retrieve takes a link, an id or a name, and lists files that share one', async () => {
    const { peer, run, saved } = setUp();
    const answer = [`id ${FILE_ID}`, 'route', '  0 1000', '  1 1000', 'file file of ffff, 5 bytes'];
    expect(await run(`retrieve ${FILE_ID.toUpperCase()} there`)).toEqual([
      ...answer.slice(0, -1),
      'file file of FFFF, 5 bytes',
      'written to there',
    ]);
    expect(await run(`retrieve http://x/#/f/${FILE_ID}`)).toEqual([...answer, 'written to file of ffff']);
    expect(saved).toEqual(['hello', 'hello']);
    expect(await run('retrieve test.png')).toEqual([
      '! retrieve: no public file is called "test.png" (key 46cd): check the name, or give its link',
    ]);
    const named = { name: 'test.png', type: '', size: 5, link: `http://x/#/f/${FILE_ID}` };
    peer.named = [{ ...named, fileId: FILE_ID, storedAt: Date.UTC(2026, 0, 2, 3, 4, 5) }];
    expect(await run('retrieve test.png')).toEqual([...answer, 'written to file of ffff']);
    peer.named = [...peer.named, { ...named, fileId: 'e'.repeat(64), storedAt: 0 }];
    expect(await run('retrieve test.png')).toEqual([
      '2 files are called test.png, newest first',
      `  ${FILE_ID}  5 bytes  2026-01-02T03:04:05Z`,
      `  ${'e'.repeat(64)}  5 bytes  1970-01-01T00:00:00Z`,
      '! retrieve: choose one by its id',
    ]);
  });

  test('remove-node leaves the ring, once', async () => {
    const { peer, run } = setUp();
    expect(await run('remove-node')).toEqual(['leaving: handing over 0 blocks', 'node 1000 is removed']);
    expect(peer.status).toBe('left');
    expect(await run('remove-node')).toEqual(['! remove-node: this node has left the ring already']);
    expect(await run('id')).toEqual(['1000']);
  });

  test('events chooses what is printed as it happens', async () => {
    const { run, surroundings, prompt } = setUp();
    expect(await run('events none')).toEqual(['events: none']);
    expect(surroundings.happenings.loudness).toBe('none');
    expect(await run('events')).toEqual(['events: none']);
    expect(await run('events loud')).toEqual(['! events: "loud" is none of: none, changes, all']);
    expect(prompt.complete('events a')).toEqual(['events all']);
  });
});
