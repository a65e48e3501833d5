// The place of who was sent a link: the file, and one button. What else was opened in this tab is below.

import { PartView, type PlaceProps } from '../places.tsx';
import { OpenedFile } from './file.tsx';

export function OpenPlace({ model }: PlaceProps) {
  const file = model.downloads.before;
  return (
    <div class="open">
      {file === undefined ? (
        <PartView model={model} part="open-field" />
      ) : (
        <OpenedFile key={file.source} download={file} model={model} />
      )}
      {model.downloads.list.value.some((other) => other !== file) ? (
        <PartView model={model} part="open-others" />
      ) : null}
    </div>
  );
}
