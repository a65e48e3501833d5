import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { lookupsOf } from '../../src/web/model/lookups.ts';
import { PageModel } from '../../src/web/model/page-model.ts';
import { RingLesson } from '../../src/web/model/ring-lesson.ts';
import { QUIET_MS, RingStage } from '../../src/web/model/ring-stage.ts';
import { LESSON_STEPS } from '../../src/web/text/ring/lesson.ts';
import { LESSON } from '../../src/web/text/words/en/lesson.ts';
import { DemoPeer, demoId } from './demo-peer.ts';

const PREFIXES = ['3f2a', '0c11', '81bc', '9d00', 'a4e7', 'c95f', '3f91'];

async function setUp(prefixes: readonly string[]) {
  const peer = new DemoPeer(prefixes);
  const due: (() => void)[] = [];
  const model = new PageModel(peer, {
    ...{ now: () => 0, today: () => new Date(0), here: () => 'http://localhost/', go: () => undefined },
    later: (run) => due.push(run),
    files: {
      ...{ choose: async () => [], prepare: async () => undefined, save: () => undefined },
      ...{
        dropped: async () => ({ files: [], leftOut: [] }),
        sourceOf: async () => new File([], 'x'),
      },
      saveLarge: () => Promise.reject(new Error('not asked for')),
      openFolder: () => Promise.reject(new Error('not asked for')),
    },
  });
  await model.loadBehind();
  const recording = model.behind.value?.recording;
  if (recording === undefined) throw new Error('nothing is recorded');
  const stage = new RingStage(model, recording);
  const lesson = new RingLesson(model, stage);
  /** What was told is shown. */
  const settle = (): void => {
    model.refresh();
    for (const run of due.splice(0)) run();
  };
  settle();
  const choose = (prefix: string): void => {
    stage.chosen.value = { kind: 'node', id: demoId(prefix), fraction: 0 };
  };
  return { peer, model, stage, lesson, settle, choose, step: () => LESSON_STEPS[lesson.step.value] };
}

describe('the lesson', () => {
  it('goes on when a step has happened, and not before', async () => {
    const { peer, model, stage, settle, choose, step, lesson } = await setUp(PREFIXES);
    expect(step()).toBe('joined');
    peer.activate();
    settle();
    // The tabs are open already.
    expect(step()).toBe('leaf');
    choose('9999');
    expect(step()).toBe('leaf');
    choose('0c11');
    expect(step()).toBe('cell');
    choose('a4e7');
    expect(step()).toBe('cell');
    choose('3f91');
    expect(step()).toBe('lookup');
    await lookupsOf(model).lookup('3f2b');
    settle();
    expect(step()).toBe('lookup');
    const key = demoId('8d31');
    const routed = { kind: 'routed', what: 'lookup', origin: peer.nodeId, hop: 0, rule: 'routing-table' } as const;
    peer.trace({ ...routed, key, nextHop: demoId('9d00') });
    await lookupsOf(model).lookup(key);
    settle();
    expect(step()).toBe('rule');
    const hops = stage.player.recording.upTo(99).filter(({ happening }) => happening.kind === 'hop');
    const first = hops.find(({ happening }) => happening.kind === 'hop' && happening.rule === 'routing-table');
    stage.player.seek(first?.number ?? 0);
    expect(step()).toBe('file');
    const storing = model.uploads.store(new File(['x'], 'a.txt'), { isPublic: false });
    for (let turn = 0; turn < 4; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      peer.advance();
    }
    await storing;
    settle();
    expect(step()).toBe('find');
    // A check for a split ring is nobody's search.
    peer.trace({ ...routed, key: peer.nodeId, nextHop: demoId('9d00') });
    settle();
    expect(step()).toBe('find');
    peer.trace({ ...routed, key, nextHop: demoId('9d00') });
    settle();
    expect(step()).toBe('leaves');
    peer.trace({ kind: 'departed', nodeId: demoId('9d00') });
    settle();
    expect(step()).toBe('repair');
    stage.player.seek(stage.player.recording.newest.value);
    expect([step(), lesson.step.value]).toEqual([undefined, LESSON_STEPS.length]);
    lesson.begin();
    // What is so already need not be done again; what is to be done is.
    expect(step()).toBe('leaf');
  });

  it('waits for other tabs, and lets a step be skipped', async () => {
    const { peer, settle, step, lesson } = await setUp(PREFIXES.slice(0, 3));
    peer.activate();
    settle();
    expect(step()).toBe('others');
    lesson.skip();
    expect(step()).toBe('leaf');
  });

  it('tells what was skipped from what was done, until it begins again', async () => {
    const { peer, settle, choose, step, lesson } = await setUp(PREFIXES.slice(0, 3));
    peer.activate();
    settle();
    lesson.skip();
    choose('0c11');
    expect([step(), [...lesson.skipped.value]]).toEqual(['cell', ['others']]);
    while (step() !== undefined) lesson.skip();
    expect(lesson.skipped.value.size).toBe(LESSON_STEPS.length - 2);
    expect(LESSON.done(lesson.skipped.value.size)).toContain('8 were skipped');
    // There is nothing left to skip.
    lesson.skip();
    expect(lesson.step.value).toBe(LESSON_STEPS.length);
    lesson.begin();
    expect([step(), lesson.skipped.value.size]).toEqual(['others', 0]);
  });

  it('asks for another click than the one that ended the step before', async () => {
    const { peer, settle, choose, step } = await setUp(PREFIXES);
    peer.activate();
    settle();
    // In the leaf set, and in row 2 of the routing table.
    choose('3f91');
    choose('3f91');
    expect(step()).toBe('cell');
    choose('0c11');
    choose('3f91');
    expect(step()).toBe('lookup');
  });

  it('asks for another moment than the one that was gone back to before', async () => {
    const { peer, stage, lesson, settle, choose, step } = await setUp(PREFIXES);
    peer.activate();
    settle();
    const leave = (prefix: string): number => {
      peer.trace({ kind: 'departed', nodeId: demoId(prefix) });
      settle();
      return stage.player.recording.newest.value;
    };
    stage.player.seek(leave('9d00'));
    choose('0c11');
    while (step() !== 'leaves') lesson.skip();
    const left = leave('a4e7');
    expect(step()).toBe('repair');
    stage.player.seek(left);
    expect(step()).toBeUndefined();
  });

  it('has lookups shown although a moment was gone back to', async () => {
    const { peer, model, stage, settle } = await setUp(PREFIXES);
    peer.activate();
    settle();
    stage.player.seek(1);
    await lookupsOf(model).lookup('8d31');
    settle();
    expect(stage.player.mode.value).toBe('live');
    expect(stage.scene.value.lookup?.hop).toBe(0);
  });

  it('has who left in the live picture for a moment only, and for good where that is gone back to', async () => {
    vi.useFakeTimers();
    const { peer, stage, settle } = await setUp(PREFIXES);
    peer.activate();
    settle();
    const gone = demoId('47aa');
    const isDrawn = (): boolean => stage.scene.value.nodes.some(({ nodeId }) => nodeId === gone);
    peer.trace({ kind: 'departed', nodeId: gone });
    settle();
    expect(isDrawn()).toBe(true);
    vi.advanceTimersByTime(QUIET_MS);
    expect(isDrawn()).toBe(false);
    stage.player.pause();
    vi.advanceTimersByTime(QUIET_MS);
    expect(isDrawn()).toBe(true);
    vi.useRealTimers();
  });

  it('says in its steps what docs/classroom.md says', () => {
    const doc = readFileSync(fileURLToPath(new URL('../../../docs/classroom.md', import.meta.url)), 'utf8');
    expect(doc).toContain('/?lesson');
    expect(Object.keys(LESSON.steps)).toEqual([...LESSON_STEPS]);
    expect([doc, LESSON.steps.lookup.text].every((text) => text.includes('46cd'))).toBe(true);
  });
});
