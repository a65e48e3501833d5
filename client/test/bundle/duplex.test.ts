import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Duplex } from '../../bundle/lean/duplex.ts';

const NAMES = ['a', 'b'] as const;
const step = fc.record({
  call: fc.constantFrom('on', 'once', 'removeListener', 'emit', 'emit', 'removeAllListeners'),
  name: fc.constantFrom(...NAMES),
  listener: fc.nat(2),
});

/** Which listener heard what, after all steps; a listener of number 2 takes the first one off `a` while it is called. */
function heardBy(
  emitter: Duplex | EventEmitter,
  steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
) {
  const heard: string[] = [];
  const first = (value: unknown) => void heard.push(`0 ${value}`);
  const listeners = [
    first,
    (value: unknown) => void heard.push(`1 ${value}`),
    (value: unknown) => {
      heard.push(`2 ${value}`);
      emitter.removeListener('a', first);
    },
  ];
  for (const [index, { call, name, listener }] of steps.entries()) {
    const chosen = listeners[listener] ?? first;
    if (call === 'emit') emitter.emit(name, index);
    else if (call === 'removeAllListeners') emitter.removeAllListeners();
    else emitter[call](name, chosen);
  }
  return heard;
}

test('listeners hear what those of Node’s emitter hear', () => {
  // One listener added twice is taken off once in Node and wholly here: simple-peer adds none twice.
  const noneTwice = fc.array(step, { maxLength: 30 }).map((steps) => {
    const added = new Set<string>();
    return steps.filter(({ call, name, listener }) => {
      if (call !== 'on' && call !== 'once') return true;
      const key = `${name} ${listener}`;
      if (added.has(key)) return false;
      added.add(key);
      return true;
    });
  });
  fc.assert(
    fc.property(noneTwice, (steps) => {
      expect(heardBy(new Duplex(), steps)).toEqual(heardBy(new EventEmitter(), steps));
    }),
  );
});

test('data is told as it comes, an end once, and an error that nobody hears is thrown', () => {
  const stream = new Duplex();
  const heard: unknown[] = [];
  stream.on('data', (chunk) => heard.push(chunk));
  stream.once('finish', () => heard.push('finish'));
  stream.push('text');
  stream.push(null);
  stream.end();
  stream.end();
  expect(heard).toEqual(['text', 'finish']);
  expect([stream._readableState.ended, stream._writableState.finished]).toEqual([true, true]);
  expect(() => stream.emit('error', new Error('broken'))).toThrow('broken');
});
