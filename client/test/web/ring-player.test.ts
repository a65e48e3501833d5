import { describe, expect, it } from 'vitest';
import { HOP_MS, RingPlayer } from '../../src/web/model/ring-player.ts';
import { MAX_AGE_MS, MAX_MOMENTS, RingRecording } from '../../src/web/model/ring-recording.ts';
import { type RingFacts, ringFacts } from '../../src/web/text/ring/facts.ts';
import { DemoPeer, demoId } from './demo-peer.ts';

const other = demoId('81bc');
const lookup = { key: demoId('8d31'), root: demoId('9d00'), route: ['3f2a', '81bc', '9d00'].map(demoId), hops: 2 };

function setUp() {
  const time = { now: 0 };
  const due: { run: () => void; delayMs: number; isOff: boolean }[] = [];
  const recording = new RingRecording(() => time.now);
  const player = new RingPlayer(recording, (run, delayMs) => {
    const timer = { run, delayMs, isOff: false };
    due.push(timer);
    return () => {
      timer.isOff = true;
    };
  });
  const peer = new DemoPeer(['3f2a', '81bc', '9d00']);
  peer.activate();
  const facts: RingFacts = ringFacts(peer.inspect(), { held: [] });
  /** Something happens, and is looked at. */
  const happen = (): void => {
    recording.add({ type: 'link', nodeId: other, state: 'up', message: '' });
    recording.look(facts);
  };
  /** Lets the next pause end; returns how long it was. */
  const pass = (): number | undefined => {
    const timer = due.shift();
    if (timer?.isOff === false) timer.run();
    return timer?.delayMs;
  };
  return { time, recording, player, facts, happen, pass, shown: () => player.shown.value?.number };
}

describe('the recording', () => {
  it('keeps what happened with what was known right after, and changes of which nothing was told', () => {
    const { recording, facts, happen } = setUp();
    happen();
    recording.look(facts);
    expect(recording.newest.value).toBe(1);
    recording.look({ ...facts, heldCount: 3 });
    expect(recording.upTo(2).map(({ happening, facts }) => [happening.kind, facts.heldCount])).toEqual([
      ['event', 0],
      ['changed', 3],
    ]);
  });

  it('is bounded in number and in age; the newest stays', () => {
    const { recording, happen, time } = setUp();
    for (let index = 0; index < MAX_MOMENTS + 10; index += 1) happen();
    expect([recording.oldest, recording.newest.value]).toEqual([11, MAX_MOMENTS + 10]);
    expect(recording.upTo(recording.newest.value)).toHaveLength(MAX_MOMENTS);
    expect([recording.get(10), recording.get(11)?.number]).toEqual([undefined, 11]);
    time.now = MAX_AGE_MS * 2;
    happen();
    expect([recording.oldest, recording.newest.value]).toEqual([MAX_MOMENTS + 11, MAX_MOMENTS + 11]);
  });

  it('knows the rule of this tab’s own first hop, and of no other', () => {
    const { recording, facts } = setUp();
    recording.add({
      type: 'trace',
      event: {
        ...{ kind: 'routed', what: 'lookup', key: lookup.key, origin: facts.nodeId },
        ...{ hop: 0, nextHop: other, rule: 'rare-case' },
      },
    });
    recording.addLookup(lookup);
    recording.look(facts);
    const rules = recording.upTo(9).flatMap(({ happening }) => (happening.kind === 'hop' ? [happening.rule] : []));
    expect(rules).toEqual(['rare-case', undefined, undefined]);
  });
});

describe('the player', () => {
  it('shows what happens as it happens, and walks a lookup slowly', () => {
    const { recording, facts, happen, pass, shown, player } = setUp();
    happen();
    happen();
    expect(shown()).toBe(2);
    recording.addLookup(lookup);
    recording.look(facts);
    expect(shown()).toBe(3);
    happen();
    player.setSpeed(2);
    expect(pass()).toBe(HOP_MS);
    expect(shown()).toBe(4);
    expect([pass(), shown(), pass(), shown()]).toEqual([HOP_MS / 2, 5, HOP_MS / 2, 6]);
    expect([pass(), player.mode.value]).toEqual([undefined, 'live']);
  });

  it('steps back and forth, stays where it is, and comes back to what happens', () => {
    const { happen, shown, player } = setUp();
    for (let index = 0; index < 4; index += 1) happen();
    player.step(-1);
    player.step(-1);
    expect([shown(), player.mode.value]).toEqual([2, 'paused']);
    happen();
    expect(shown()).toBe(2);
    player.step(1);
    expect(shown()).toBe(3);
    player.step(-100);
    expect(shown()).toBe(1);
    player.live();
    expect([shown(), player.mode.value]).toEqual([5, 'live']);
  });

  it('plays again what has happened in its time, long pauses shortened, until it has caught up', () => {
    const { time, happen, shown, player, pass } = setUp();
    for (const at of [0, 500, 60_000, 60_000]) {
      time.now = at;
      happen();
    }
    player.play();
    expect([shown(), player.mode.value]).toEqual([1, 'playing']);
    expect([pass(), shown()]).toEqual([500, 2]);
    expect([pass(), shown()]).toEqual([1_500, 3]);
    expect([pass(), shown(), player.mode.value]).toEqual([60, 4, 'live']);
  });

  it('pauses what it plays', () => {
    const { happen, shown, player, pass } = setUp();
    for (let index = 0; index < 3; index += 1) happen();
    player.play();
    player.pause();
    pass();
    expect([shown(), player.mode.value]).toEqual([1, 'paused']);
  });

  it('goes on from the oldest that is left when what it showed is forgotten', () => {
    const { happen, shown, player, recording } = setUp();
    happen();
    happen();
    player.seek(1);
    for (let index = 0; index < MAX_MOMENTS + 5; index += 1) happen();
    expect(shown()).toBe(recording.oldest);
  });
});
