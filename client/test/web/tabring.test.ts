import { describe, expect, it } from 'vitest';
import type { StoredFile } from '../../src/peer/api.ts';
import { Uploads } from '../../src/web/model/uploads.ts';
import { sourceOf } from '../../src/web/saving/given-source.ts';
import { createTabring } from '../../src/web/tabring.ts';
import { DemoPeer } from './demo-peer.ts';

function setUp() {
  const peer = new DemoPeer(['3f2a', '81bc']);
  peer.activate();
  const uploads = new Uploads(peer, () => 0);
  return { peer, uploads, tabring: createTabring(peer, uploads, { sourceOf }) };
}

function chosen(path: string): File {
  return Object.assign(new File(['a'], 'a.jpg'), { webkitRelativePath: path });
}

/** As browsers give it that have handles of folders. */
function directory(name: string, files: Readonly<Record<string, File>>): FileSystemDirectoryHandle {
  const handles = Object.values(files).map((file) => ({ name: file.name, getFile: async () => file }));
  const handle: unknown = {
    name,
    getDirectoryHandle: () => undefined,
    values: async function* () {
      yield* handles;
    },
  };
  return handle as FileSystemDirectoryHandle;
}

describe('window.tabring', () => {
  it('shows the peer as it is now', async () => {
    const { peer, tabring } = setUp();
    expect(tabring.nodeId).toBe(peer.nodeId);
    expect(tabring.status).toBe('active');
    expect(tabring.inspect()).toEqual(peer.inspect());
    await tabring.leave();
    expect(tabring.status).toBe('left');
  });

  it('stores by the page’s queue', async () => {
    const { peer, uploads, tabring } = setUp();
    const stored = tabring.store(new File(['hello'], 'hello.txt'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(uploads.areUnderWay.value).toBe(true);
    for (let step = 0; step < 4; step += 1) peer.advance();
    const { fileId, link } = await stored;
    expect(link).toContain(fileId);
    expect(tabring.listFiles().own).toHaveLength(1);
  });

  it('stores several files, or a folder as browsers give it, as one', async () => {
    const { peer, tabring } = setUp();
    const named = async (storing: Promise<StoredFile>): Promise<string | undefined> => {
      for (let step = 0; step < 6; step += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        peer.advance();
      }
      const { fileId } = await storing;
      return tabring.listFiles().own.find((own) => own.fileId === fileId)?.name;
    };
    expect(await named(tabring.store([chosen(''), chosen('')]))).toBe('folder');
    expect(await named(tabring.store([chosen('photos/a.jpg')]))).toBe('photos');
    expect(await named(tabring.store(directory('songs', { 'a.mp3': new File(['a'], 'a.mp3') })))).toBe('songs');
    await expect(tabring.store([])).rejects.toMatchObject({ code: 'storage' });
  });

  it('stops a store by its signal', async () => {
    const { tabring } = setUp();
    await expect(
      tabring.store(new File(['hello'], 'hello.txt'), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'aborted' });
  });

  it('rejects nonsense with a code', async () => {
    const { tabring } = setUp();
    // @ts-expect-error what people type into a console
    await expect(tabring.store('hello.txt')).rejects.toMatchObject({ code: 'storage' });
    // @ts-expect-error what people type into a console
    await expect(tabring.lookup(undefined)).rejects.toMatchObject({ code: 'bad-id' });
    // @ts-expect-error what people type into a console
    await expect(tabring.retrieve(7)).rejects.toMatchObject({ code: 'bad-link' });
  });
});
