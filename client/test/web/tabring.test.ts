import { describe, expect, it } from 'vitest';
import { Uploads } from '../../src/web/model/uploads.ts';
import { createTabring } from '../../src/web/tabring.ts';
import { DemoPeer } from './demo-peer.ts';

function setUp() {
  const peer = new DemoPeer(['3f2a', '81bc']);
  peer.activate();
  const uploads = new Uploads(peer, () => 0);
  return { peer, uploads, tabring: createTabring(peer, uploads) };
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
    expect(uploads.isAnyUnsafe).toBe(true);
    for (let step = 0; step < 4; step += 1) peer.advance();
    const { fileId, link } = await stored;
    expect(link).toContain(fileId);
    expect(tabring.listFiles().own).toHaveLength(1);
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
