// What is given to the page as a whole, in whichever place one is: files dropped, pasted or shared by other apps are stored, and
// shown in Share.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Given } from '../given.ts';
import type { PageModel } from '../model/page-model.ts';
import { isLinkOrId } from '../text/wanted.ts';
import { troubleWords } from '../text/words/en/trouble.ts';
import { SharedQuestions } from './shared-view.tsx';

export function GivenView({ model, given }: { readonly model: PageModel; readonly given: Given }) {
  const isOver = useSignal(false);
  useEffect(() => {
    // Who has left takes nothing; the browser must not open it instead of the page all the same.
    const isIn = (): boolean => model.peer.status !== 'left';
    return given.receivedBy({
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
      takeText: (text) => {
        if (!isIn()) return;
        if (isLinkOrId(text.trim())) return model.open(text.trim());
        model.go('#/');
        model.store([new File([text], troubleWords().pastedName, { type: 'text/plain' })]);
      },
      hover: (isHovering) => {
        isOver.value = isHovering && isIn();
      },
    });
  }, [model, given, isOver]);
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
