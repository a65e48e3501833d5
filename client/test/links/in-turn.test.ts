// What follows from works done side by side keeps their order.

import { expect, test } from 'vitest';
import { InTurn } from '../../src/links/in-turn.ts';

function promised<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('of one key in the order of their beginning, whichever is done first; other keys do not wait', async () => {
  const turns = new InTurn<string>();
  const log: string[] = [];
  const [slow, quick, other] = [promised<string>(), promised<string>(), promised<string>()];
  turns.run('a', slow.promise, (result) => log.push(result));
  turns.run('a', quick.promise, (result) => log.push(result));
  turns.run('b', other.promise, (result) => log.push(result));
  quick.resolve('a 2');
  other.resolve('b 1');
  await soon();
  expect(log).toEqual(['b 1']);
  slow.resolve('a 1');
  await soon();
  expect(log).toEqual(['b 1', 'a 1', 'a 2']);
  turns.run('a', Promise.resolve('a 3'), (result) => log.push(result));
  await soon();
  expect(log).toEqual(['b 1', 'a 1', 'a 2', 'a 3']);
});
