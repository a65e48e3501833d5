// A QR code, dark on light whatever the page's colours are: cameras want it so. What makes it is loaded when it is first asked for.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { lazily } from '../../peer/lazily.ts';
import { ownWords } from '../text/words/en/own.ts';

/** Light modules round it. */
const BORDER = 3;

interface QrCodeProps {
  readonly text: string;
  readonly label: string;
}

interface Modules {
  readonly size: number;
  /** An SVG path, one square a dark module. */
  readonly path: string;
}

export function QrCode({ text, label }: QrCodeProps) {
  const code = useSignal<Modules | 'failed' | undefined>(undefined);
  useEffect(() => {
    modulesOf(text).then(
      (modules) => {
        code.value = modules;
      },
      () => {
        code.value = 'failed';
      },
    );
  }, [text, code]);
  const modules = code.value;
  if (modules === 'failed') return <p class="problem">{ownWords().qrFailed}</p>;
  const size = (modules?.size ?? 1) + 2 * BORDER;
  return (
    <svg class="qr" viewBox={`${-BORDER} ${-BORDER} ${size} ${size}`} role="img" aria-label={label}>
      <rect class="qr-light" x={-BORDER} y={-BORDER} width={size} height={size} />
      {modules === undefined ? null : <path class="qr-dark" d={modules.path} />}
    </svg>
  );
}

const encoder = lazily(() => import('uqr'));

async function modulesOf(text: string): Promise<Modules> {
  const { encode } = await encoder.once();
  const { data, size } = encode(text, { border: 0 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return { size, path };
}
