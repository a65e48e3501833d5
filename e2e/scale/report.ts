// What a run has shown, each line against its bound; as a table for people and as JSON.

import type { ScaleOptions } from './options.ts';

export interface Line {
  readonly what: string;
  readonly measured: string;
  /** What it must be; absent: told only. */
  readonly bound?: string;
  readonly holds: boolean;
}

export class Report {
  readonly lines: Line[] = [];

  /** A figure without a bound. */
  tell(what: string, measured: string): void {
    this.lines.push({ what, measured, holds: true });
  }

  check(what: string, measured: string, bound: string, holds: boolean): void {
    this.lines.push({ what, measured, bound, holds });
  }

  get holds(): boolean {
    return this.lines.every(({ holds }) => holds);
  }

  table(): string {
    const rows = this.lines.map(({ what, measured, bound = '', holds }) => [
      what,
      measured,
      bound,
      verdict(bound, holds),
    ]);
    const head = ['what', 'measured', 'bound', ''];
    const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
    const line = (cells: readonly string[]): string =>
      `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
  }

  json(options: ScaleOptions, machine: object, samples: readonly unknown[]): string {
    return `${JSON.stringify({ options, machine, holds: this.holds, lines: this.lines, samples }, null, 1)}\n`;
  }
}

function verdict(bound: string, holds: boolean): string {
  if (bound === '') return '';
  return holds ? 'holds' : 'BROKEN';
}
