// What last happened to this tab's storage, where it is more than nothing.

import type { PageModel } from '../model/page-model.ts';
import { troubleWords } from '../text/words/en/trouble.ts';

export function DiskNotice({ model }: { readonly model: PageModel }) {
  const disk = model.disk.value;
  return disk === undefined ? null : (
    <p id="disk" class={disk.state === 'ok' ? 'empty' : 'problem'} data-state={disk.state} role="status">
      {troubleWords().disk[disk.state](disk.blocks)}
    </p>
  );
}
