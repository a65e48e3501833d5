// The place of who was sent a link: the file, and one button. Below is what else was opened in this tab, and a field for more.

import { PartView, type PlaceProps } from '../places.tsx';
import { OpenedFile } from './file.tsx';

export function OpenPlace({ model }: PlaceProps) {
  const file = model.downloads.before;
  return (
    <div class="open">
      {file === undefined ? null : <OpenedFile key={file.source} download={file} model={model} />}
      <PartView model={model} part="open-field" />
      {model.downloads.list.value.some((other) => other !== file) ? (
        <PartView model={model} part="open-others" />
      ) : null}
    </div>
  );
}
