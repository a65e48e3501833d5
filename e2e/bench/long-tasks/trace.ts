// Where long tasks come from: Chromium's trace of what each of them did, the heaviest first.

import { readFile } from 'node:fs/promises';

/** For browser.startTracing. */
export const CATEGORIES = ['toplevel', 'devtools.timeline', 'v8', 'blink', 'blink.user_timing', 'storage', 'IndexedDB'];

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds; `tdur`: of the thread's own time on a core. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A mark of this name in the page says which thread is its own. */
export const MARK = 'bench:long-tasks';

const TASK = /RunTask$/;
const LONG_US = 50_000;
/** Told of each task. */
const TOLD = 8;

export async function explainLongTasks(path: string): Promise<string> {
  const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(await readFile(path, 'utf8'));
  const mark = traceEvents.find(({ name }) => name === MARK);
  if (mark === undefined) throw new Error('no mark in the trace');
  return explained(traceEvents.filter(({ pid, tid, ph }) => pid === mark.pid && tid === mark.tid && ph === 'X'));
}

function explained(events: readonly TraceEvent[]): string {
  const tasks = events.filter(({ name, dur = 0 }) => TASK.test(name) && dur >= LONG_US).sort((a, b) => a.ts - b.ts);
  const lines: string[] = [];
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    lines.push(`${ms(dur)} ms, ${ms(tdur)} of them on a core`);
    const inside = events.filter(
      (each) => each.ts >= ts && each.ts + (each.dur ?? 0) <= ts + dur && !TASK.test(each.name),
    );
    const heaviest = inside.sort((a, b) => (b.dur ?? 0) - (a.dur ?? 0)).slice(0, TOLD);
    for (const { name, dur = 0, tdur = 0, args } of heaviest)
      lines.push(`  ${ms(dur)} ms, ${ms(tdur)} ${name} ${detail(args)}`);
  }
  return `${lines.join('\n')}\n`;
}

function detail(args: TraceEvent['args']): string {
  const text = JSON.stringify(args ?? {});
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function ms(us: number): string {
  return (us / 1_000).toFixed(0).padStart(5);
}
