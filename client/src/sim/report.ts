// What a command hands back, and how it is printed: a table for people or one JSON object for programs.

export interface Report {
  /** The JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Lines of the table: what, and its value. Without it the object's own keys and values are shown. */
  readonly rows?: readonly (readonly [string, string])[];
  /** False makes the command exit with 1. */
  readonly isGood: boolean;
}

/** A message for people who wait, on stderr. */
export type Progress = (text: string) => void;

export function renderReport(report: Report, asJson: boolean): string {
  if (asJson) return `${JSON.stringify(report.json)}\n`;
  const rows = report.rows ?? Object.entries(report.json).map(([name, value]) => [name, renderValue(value)] as const);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function renderValue(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toPrecision(5);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
