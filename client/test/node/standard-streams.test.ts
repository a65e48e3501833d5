// What programs say: lines that no stranger's words can break, forge or colour.

import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog } from '../../../signaling/logging.ts';
import { Progress } from '../../src/node/progress.ts';
import { sayBug, sayOn, watchStreams } from '../../src/node/standard-streams.ts';
import { LineReader } from '../../src/prompt/line-reader.ts';
import { cleanText } from '../../src/text/clean-text.ts';
import { Command } from './command.ts';

const HOSTILE = 'text/x\u001b[2J\r\nwritten to /etc/passwd\u009b31m\u202e';
const CLEAN = 'text/x\\u001b[2J\\u000d\\u000awritten to /etc/passwd\\u009b31m\\u202e';

function collect(isTTY = false): { lines: string[]; write(text: string): void; isTTY: boolean } {
  const lines: string[] = [];
  return { lines, isTTY, write: (text) => void lines.push(text) };
}

/** What `work` writes to a stream of this process. */
function written(stream: NodeJS.WriteStream, work: () => void): string {
  const { write } = stream;
  let text = '';
  stream.write = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  try {
    work();
  } finally {
    stream.write = write;
  }
  return text;
}

test('a line stays one line, and only its style colours it', () => {
  const stream = collect(true);
  const say = sayOn(stream, {});
  say(`file ${HOSTILE}`);
  say(`file ${HOSTILE}`, 'good');
  expect(stream.lines).toEqual([`file ${CLEAN}\n`, `\u001b[32mfile ${CLEAN}\u001b[39m\n`]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const other = collect();
      sayOn(other, {})(text, 'bad');
      expect(other.lines).toEqual([`${cleanText(text)}\n`]);
    }),
  );
});

test('a mistake in the program is told with all its lines, each clean', () => {
  const stream = collect();
  sayBug(sayOn(stream, {}), new Error(`bad ${HOSTILE}`));
  expect(stream.lines[0]).toMatch(/^Error: bad text/);
  expect(stream.lines.length).toBeGreaterThan(2);
  for (const line of stream.lines) expect(line).toBe(`${cleanText(line.slice(0, -1))}\n`);
});

test('so do those of the prompt, the log and the progress bar', () => {
  const lines = new LineReader();
  expect(written(process.stdout, () => lines.print(HOSTILE))).toBe(`${CLEAN}\n`);
  expect(written(process.stderr, () => lines.tell(HOSTILE))).toBe(`${CLEAN}\n`);
  const bug = written(process.stderr, () => lines.bug(new Error(HOSTILE)));
  for (const line of bug.split('\n')) expect(cleanText(line)).toBe(line);
  const log = collect();
  createLog('lines', (line) => log.write(line))(`cannot serve ${HOSTILE}`);
  expect(log.lines).toEqual([`cannot serve ${CLEAN}`]);
  const bar = written(process.stderr, () =>
    new Progress({ isWatched: true }, '\u001b]0;x\u0007\n').show({ doneBytes: 1, totalBytes: 2 }),
  );
  expect(bar.endsWith(': \\u001b]0;x\\u0007\\u000a')).toBe(true);
});

describe('output that cannot be written', () => {
  /** What is said, and how the process ends. */
  function failing(error: Error & { code?: string }): readonly unknown[] {
    const [output, told] = [new EventEmitter(), new EventEmitter()];
    const happened: unknown[] = [];
    watchStreams(
      output,
      told,
      (line) => void happened.push(line),
      (code) => void happened.push(code),
    );
    // Nor does what is told beside throw when it fails.
    told.emit('error', error);
    output.emit('error', error);
    return happened;
  }

  test('is told in one line, unless whoever read it has enough', () => {
    expect(failing(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }))).toEqual([
      'tabring: cannot write to standard output: the disk is full: make room, or choose another disk',
      1,
    ]);
    expect(failing(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toEqual([1]);
  });

  test.skipIf(process.platform !== 'linux')('ends a command with 1, also when it was done by then', async () => {
    const within = ['sh', '-c', 'exec "$0" "$@" >/dev/full'];
    const { code, stderr } = await new Command('', ['--version'], { within }).ended;
    expect([code, stderr]).toEqual([
      1,
      'tabring: cannot write to standard output: the disk is full: make room, or choose another disk\n',
    ]);
  });
});
