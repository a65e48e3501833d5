// The lesson beside the ring, for who came by /?lesson.

import { lessonOf } from '../../model/ring-lesson.ts';
import { knownOthers, LESSON_STEPS, OTHERS } from '../../text/ring/lesson.ts';
import { lessonWords } from '../../text/words/en/lesson.ts';
import { Card } from '../card.tsx';
import type { PlaceProps } from '../places.tsx';
import type { StageProps } from './ring-place.tsx';

export function LessonView({ model, stage }: PlaceProps & StageProps) {
  const words = lessonWords();
  const lesson = lessonOf(model, stage);
  const at = lesson.step.value;
  const step = LESSON_STEPS[at];
  const skipped = lesson.skipped.value;
  return (
    <Card id="lesson" title={words.title} note={words.note}>
      <p class="lesson-at" role="status" data-step={step ?? 'done'}>
        {step === undefined ? words.done(skipped.size) : words.at(at + 1, LESSON_STEPS.length, words.steps[step].title)}
      </p>
      {step === undefined ? null : <p>{words.steps[step].text}</p>}
      {step === 'others' ? <p class="detail">{words.known(knownOthers(stage.facts.value), OTHERS)}</p> : null}
      <ol class="lesson-steps">
        {LESSON_STEPS.map((name, index) => (
          <li
            key={name}
            class={index >= at ? undefined : skipped.has(name) ? 'is-skipped' : 'is-done'}
            aria-current={index === at ? 'step' : undefined}
          >
            {words.steps[name].title}
            {index >= at ? null : skipped.has(name) ? (
              ` (${words.skipped})`
            ) : (
              <span class="for-ears"> {words.ticked}</span>
            )}
          </li>
        ))}
      </ol>
      <div class="actions">
        {step === undefined ? null : (
          <button type="button" class="quiet" onClick={() => lesson.skip()}>
            {words.skip}
          </button>
        )}
        <button type="button" class="quiet" disabled={at === 0} onClick={() => lesson.begin()}>
          {words.again}
        </button>
      </div>
    </Card>
  );
}
