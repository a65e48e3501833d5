// The place that shows the ring at work: its picture, what happened, and the tables of this tab beside it.

import { type RingStage, stageOf } from '../../model/ring-stage.ts';
import { isLesson } from '../../text/address.ts';
import { frameWords } from '../../text/words/en/frame.ts';
import styleUrl from '../../view/style/ring.css?url';
import type { PlaceProps } from '../places.tsx';
import { loadStyle, useStyle } from '../use-style.ts';
import { HeldView } from './held-view.tsx';
import { LessonView } from './lesson-view.tsx';
import { LinksView } from './links-view.tsx';
import { LivingRing } from './living-ring.tsx';
import { LookedView } from './looked-view.tsx';
import { LookupView } from './lookup-view.tsx';
import { StoryView } from './story-view.tsx';
import { TabView } from './tab-view.tsx';
import { LeafSetView, RoutingTableView } from './tables-view.tsx';

export interface StageProps {
  readonly stage: RingStage;
}

/** Before it is drawn. */
export function loadRingStyle(): void {
  loadStyle(styleUrl);
}

export function RingPlace({ model }: PlaceProps) {
  const isStyled = useStyle(styleUrl);
  const recording = model.behind.value?.recording;
  if (!isStyled || recording === undefined) return <p class="starting">{frameWords().placeLoading}</p>;
  const stage = stageOf(model, recording);
  return (
    <>
      <div class={`ring-columns ${stage.isProjected.value ? 'projected' : ''}`}>
        {isLesson(location.href) ? <LessonView model={model} stage={stage} /> : null}
        <div class="column picture-column">
          <LivingRing stage={stage} />
        </div>
        <div class="column">
          <LookupView model={model} />
          <LookedView stage={stage} />
          <LeafSetView stage={stage} />
          <StoryView stage={stage} />
        </div>
      </div>
      <RoutingTableView stage={stage} />
      <div class="columns">
        <LinksView model={model} />
        <div class="column">
          <HeldView model={model} />
          <TabView model={model} />
        </div>
      </div>
    </>
  );
}
