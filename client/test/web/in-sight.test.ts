import { expect, it } from 'vitest';
import { bringIntoSight } from '../../src/web/view/ring/in-sight.ts';

function scrolled(top: number, bottom: number, isMotionReduced = false): readonly ScrollIntoViewOptions[] {
  const calls: ScrollIntoViewOptions[] = [];
  const picture = {
    getBoundingClientRect: () => ({ top, bottom }),
    scrollIntoView: (options: ScrollIntoViewOptions) => calls.push(options),
  };
  bringIntoSight(picture, { height: 800, isMotionReduced });
  return calls;
}

it('a picture that is not seen whole comes to the top, one that is stays where it is', () => {
  expect(scrolled(-700, -300)).toEqual([{ block: 'start', behavior: 'smooth' }]);
  expect(scrolled(-10, 390)).toHaveLength(1);
  expect(scrolled(600, 1_000)).toHaveLength(1);
  expect(scrolled(0, 400)).toEqual([]);
  expect(scrolled(320, 720)).toEqual([]);
  // Behind the places at the bottom of a phone.
  expect(scrolled(400, 800)).toHaveLength(1);
});

it('nothing glides for who wants no motion', () => {
  expect(scrolled(-700, -300, true)).toEqual([{ block: 'start', behavior: 'instant' }]);
});
