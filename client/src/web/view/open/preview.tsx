// A picture as it is, before it is saved: of kinds that hold no script, and shown as nothing but a picture.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import type { PlaceProps } from '../places.tsx';

/** An SVG is a document, and not among them. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** Of the file that is open, if it is here. */
export function OpenedPreview({ model }: PlaceProps) {
  const state = model.downloads.before?.transfer.state.value;
  if (state?.phase !== 'done' || !('content' in state.result) || state.result.content === undefined) return null;
  const { name, type, content } = state.result;
  return <Preview name={name} type={type} content={content} />;
}

interface PreviewProps {
  readonly name: string;
  /** What its sender says that it is. */
  readonly type: string;
  readonly content: Blob;
}

function Preview({ name, type, content }: PreviewProps) {
  const url = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (!PICTURES.has(type)) return undefined;
    const made = URL.createObjectURL(content.slice(0, content.size, type));
    url.value = made;
    return () => {
      url.value = undefined;
      URL.revokeObjectURL(made);
    };
  }, [type, content, url]);
  return url.value === undefined ? null : (
    // What only says that it is a picture is none.
    <img class="preview" src={url.value} alt={openMoreWords().preview(name)} onError={() => (url.value = undefined)} />
  );
}
