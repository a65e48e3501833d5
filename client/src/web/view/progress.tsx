// How far a transfer is, as a bar.

interface BarProps {
  readonly label: string;
  readonly doneBytes: number;
  /** 0 while it is not known. */
  readonly totalBytes: number;
}

export function Bar({ label, doneBytes, totalBytes }: BarProps) {
  return totalBytes > 0 ? (
    <progress aria-label={label} value={doneBytes} max={totalBytes} />
  ) : (
    <progress aria-label={label} />
  );
}
