// What is given to the page as a whole, in whichever place one is: files dropped, pasted or shared by other apps are stored, and
// shown in Share.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PageModel } from '../model/page-model.ts';
import { troubleWords } from '../text/words/en/trouble.ts';
import { watchGiven } from './given.ts';
import { SharedQuestions } from './shared-view.tsx';

export function Given({ model }: { readonly model: PageModel }) {
  const isOver = useSignal(false);
  useEffect(() => {
    // Who has left takes nothing; the browser must not open it instead of the page all the same.
    const isIn = (): boolean => model.peer.status !== 'left';
    return watchGiven(window, {
      take: (files) => {
        if (!isIn()) return;
        model.go('#/');
        model.store(files);
      },
      takeFolders: (entries) => {
        if (!isIn()) return;
        model.go('#/');
        void model.storeDropped(entries);
      },
      open: (link) => isIn() && model.open(link),
      hover: (isHovering) => {
        isOver.value = isHovering && isIn();
      },
    });
  }, [model, isOver]);
  return (
    <>
      <SharedQuestions model={model} />
      {isOver.value ? (
        <div class="drop-over" aria-hidden="true">
          <p>{troubleWords().letGo}</p>
        </div>
      ) : null}
    </>
  );
}
