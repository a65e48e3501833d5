// A command that is to be stopped: what was done by then stays done.

import { expect, test } from 'vitest';
import { doneOrStopped } from '../../src/node/commands/client.ts';
import { Command } from './command.ts';

const aborted = { name: 'PeerError', code: 'aborted', message: 'stopped' };

test('is stopped if leaving ends its work', async () => {
  const stop = new AbortController();
  let fail = (_: Error): void => undefined;
  const work = new Promise<string>((_, reject) => {
    fail = reject;
  });
  const ended = doneOrStopped(work, stop.signal, async () => fail(new Error('this node has left')));
  stop.abort();
  await expect(ended).rejects.toMatchObject(aborted);
});

test('is done if its work ends while it leaves', async () => {
  const stop = new AbortController();
  let finish = (_: string): void => undefined;
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const ended = doneOrStopped(work, stop.signal, async () => finish('written'));
  stop.abort();
  expect(await ended).toBe('written');
});

test('has failed if its work has', async () => {
  const work = Promise.reject(new Error('no room'));
  await expect(doneOrStopped(work, new AbortController().signal, async () => undefined)).rejects.toThrow('no room');
});

test.skipIf(process.platform === 'win32')('ends with 1 before it is loaded, too', async () => {
  // Pressed as soon as anything listens; a command that was loaded would say that it was stopped.
  const press = 'process.on("newListener",(name)=>name==="SIGINT"&&setImmediate(()=>process.kill(process.pid,name)))';
  const program = ['--import', `data:text/javascript,${press}`, Command.bin];
  const { code, stderr } = await new Command('http://127.0.0.1:1', ['lookup', '8'], { program }).ended;
  expect([code, stderr]).toEqual([1, '']);
});
