// The place for commands, and for what happens.

import type { PlaceProps } from '../places.tsx';
import { ConsoleView } from './console-view.tsx';
import { LogView } from './log-view.tsx';

export function ConsolePlace({ model }: PlaceProps) {
  const pageConsole = model.behind.value?.console;
  return (
    <div class="console-columns">
      {pageConsole === undefined ? null : <ConsoleView model={pageConsole} line={model.drafts.command} />}
      <LogView model={model} />
    </div>
  );
}
