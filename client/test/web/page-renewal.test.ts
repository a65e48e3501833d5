import { describe, expect, it } from 'vitest';
import { PageRenewal } from '../../src/web/page-renewal.ts';
import { noticeText } from '../../src/web/text/news-text.ts';

const OWN = 'https://ring.example/tabring/assets/index-OLD00000.js';

/** A tab whose timers run when told, and which notes what becomes of it. */
function setUp({ random = 0, kept = new Map<string, string>() } = {}) {
  const timers: { readonly run: () => void; readonly delayMs: number }[] = [];
  const notices: (string | undefined)[] = [];
  const state = { isInUse: false, bytes: 0, reloads: 0 };
  const renewal = new PageRenewal(OWN, {
    isInUse: () => state.isInUse,
    bytes: () => state.bytes,
    random: () => random,
    later: (run, delayMs) => timers.push({ run, delayMs }),
    session: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) },
    notify: (notice) => notices.push(noticeText(notice)),
    reload: () => {
      state.reloads += 1;
    },
  });
  /** Runs the timer that waits; returns how long it waited. */
  const pass = (): number | undefined => {
    const timer = timers.shift();
    timer?.run();
    return timer?.delayMs;
  };
  return { renewal, state, notices, timers, pass, kept };
}

describe('PageRenewal', () => {
  it('leaves the page alone that is served now, and one of a Discovery node that serves none', () => {
    const { renewal, timers, notices } = setUp();
    renewal.told('index-OLD00000.js');
    renewal.told(undefined);
    expect([timers, notices]).toEqual([[], []]);
  });

  it('says that there is a newer page, and reloads when nothing is under way', () => {
    const { renewal, state, notices, pass } = setUp();
    renewal.told('index-NEW00000.js');
    expect(notices).toEqual([expect.stringMatching(/newer version of this page/)]);
    expect(state.reloads).toBe(0);
    pass();
    expect(state.reloads).toBe(1);
  });

  it('waits while files are under way here, or blocks for others on the links', () => {
    const { renewal, state, pass } = setUp();
    renewal.told('index-NEW00000.js');
    state.isInUse = true;
    pass();
    state.isInUse = false;
    state.bytes = 5_000_000;
    pass();
    state.bytes = 4_000_000; // a link that carried much has closed
    pass();
    expect(state.reloads).toBe(0);
    state.bytes += 2_000;
    expect(pass()).toBe(10_000);
    expect(state.reloads).toBe(1);
  });

  it('tabs of a ring go one after the other', () => {
    const delays = [0, 0.5, 0.999].map((random) => {
      const { renewal, pass } = setUp({ random });
      renewal.told('index-NEW00000.js');
      return pass();
    });
    expect(delays).toEqual([10_000, 70_000, 129_880]);
  });

  it('is told over and over, and says it once', () => {
    const { renewal, notices, timers } = setUp();
    renewal.told('index-NEW00000.js');
    renewal.told('index-NEW11111.js');
    expect([notices.length, timers.length]).toEqual([1, 1]);
  });

  it('stays if the Discovery node has gone back to this page meanwhile', () => {
    const { renewal, state, pass, timers } = setUp();
    renewal.told('index-NEW00000.js');
    renewal.told('index-OLD00000.js');
    pass();
    expect([state.reloads, timers]).toEqual([0, []]);
  });

  it('does not reload for ever if something in between keeps the old page', () => {
    const before = setUp();
    before.renewal.told('index-NEW00000.js');
    before.pass();
    expect(before.state.reloads).toBe(1);
    const after = setUp({ kept: before.kept });
    after.renewal.told('index-NEW00000.js');
    expect([after.timers, after.notices]).toEqual([[], []]);
    after.renewal.told('index-NEWER000.js');
    after.pass();
    expect(after.state.reloads).toBe(1);
  });
});
