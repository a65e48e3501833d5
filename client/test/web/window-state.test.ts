// What the browser's tab shows of this one, in its title and its icon.

import { signal } from '@preact/signals';
import { afterEach, describe, expect, it } from 'vitest';
import { PageModel } from '../../src/web/model/page-model.ts';
import type { Place } from '../../src/web/text/address.ts';
import { windowIcon, windowTitle } from '../../src/web/text/window-state-text.ts';
import type { Phase } from '../../src/web/view/page.tsx';
import { showState } from '../../src/web/window-state.ts';
import { DemoPeer, demoId } from './demo-peer.ts';
import { inEnglish, inGerman } from './in-language.ts';

afterEach(inEnglish);

const HALF = { doneBytes: 500, totalBytes: 1_000 };
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the title', () => {
  it('names the place, and the tab where ids are spoken of', () => {
    expect(windowTitle('share', demoId('3f2a'), undefined)).toBe('Tabring Share');
    expect(windowTitle('ring', demoId('3f2a'), undefined)).toBe('3f2a… Tabring Ring');
    inGerman();
    expect(windowTitle('share', demoId('3f2a'), undefined)).toBe('Tabring Teilen');
  });

  it('begins with how far it is', () => expect(windowTitle('share', undefined, HALF)).toBe('50% – Tabring Share'));
});

describe('the icon', () => {
  it('is another one for each state, and while files move', () => {
    const icons = (['waiting', 'in', 'unsafe', 'out'] as const).map((state) => windowIcon(state, undefined));
    expect(new Set([...icons, windowIcon('in', HALF)]).size).toBe(5);
    expect(decodeURIComponent(windowIcon('in', HALF))).toContain("stroke-dasharray='8 16'");
  });

  it('stays the same where the eye would see no difference', () => {
    const nearly = { doneBytes: 501, totalBytes: 1_000 };
    expect(windowIcon('in', nearly)).toBe(windowIcon('in', HALF));
  });
});

describe('the tab', () => {
  function setUp() {
    const peer = new DemoPeer(['3f2a', '81bc', '9d00']);
    const due: (() => void)[] = [];
    const refuse = () => Promise.reject(new Error('not asked for'));
    let now = 0;
    const tick = (): number => {
      now += 1_000;
      return now;
    };
    const model = new PageModel(peer, {
      ...{ now: tick, today: () => new Date(0), later: (run) => due.push(run), here: () => 'http://x/' },
      go: () => undefined,
      files: {
        ...{ choose: async () => [], prepare: async () => undefined, save: () => undefined },
        ...{ saveLarge: refuse, dropped: refuse, sourceOf: refuse, openFolder: refuse },
      },
    });
    const link = { href: '' };
    const document = { title: '', querySelector: () => link };
    const place = signal<Place>('share');
    showState(document as unknown as Document, signal<Phase>({ state: 'running', model }), place);
    const runDue = (): void => {
      for (const run of due.splice(0)) run();
    };
    return { peer, model, document, link, place, runDue };
  }

  it('follows the place, the language and the ring', () => {
    const { peer, document, link, place, runDue } = setUp();
    expect([document.title, link.href]).toEqual(['Tabring Share', windowIcon('waiting', undefined)]);
    peer.activate();
    runDue();
    expect(link.href).toBe(windowIcon('in', undefined));
    inGerman();
    place.value = 'console';
    expect(document.title).toBe('3f2a… Tabring Konsole');
  });

  it('shows how far all files are together, and then no more', async () => {
    const { peer, model, document, link } = setUp();
    peer.activate();
    const file = (name: string, size: number) => new File([new ArrayBuffer(size)], name);
    const stores = [file('a', 100_000), file('b', 100_000), file('c', 200_000)].map((each) =>
      model.uploads.store(each),
    );
    await settle();
    expect(document.title).toBe('0% – Tabring Share');
    peer.advance();
    expect(document.title).toMatch(/^1[0-3]% – /);
    expect(link.href).toContain('dasharray');
    for (let step = 0; step < 12; step += 1) {
      peer.advance();
      await settle();
    }
    await Promise.all(stores);
    expect(document.title).toBe('Tabring Share');
  });
});
