// Brings the picture of the ring before the eyes of who pressed something that changes it, from wherever on the page.

/** Of the window's height; on a phone the ways to the other places cover the rest. */
const SEEN_PART = 0.9;

/** What is asked of the picture's element. */
interface Placed {
  getBoundingClientRect(): { readonly top: number; readonly bottom: number };
  scrollIntoView(options: ScrollIntoViewOptions): void;
}

interface Sight {
  /** Of the window, in pixels. */
  readonly height: number;
  readonly isMotionReduced: boolean;
}

/** The picture, wherever it is drawn. */
export function bringPictureIntoSight(): void {
  const picture = document.querySelector('.ring-stage');
  if (picture === null) return;
  bringIntoSight(picture, {
    height: innerHeight,
    isMotionReduced: matchMedia('(prefers-reduced-motion: reduce)').matches,
  });
}

/** Nothing moves if it is seen whole already; else it comes to the top, with what stands below it. */
export function bringIntoSight(picture: Placed, { height, isMotionReduced }: Sight): void {
  const { top, bottom } = picture.getBoundingClientRect();
  if (top >= 0 && bottom <= SEEN_PART * height) return;
  picture.scrollIntoView({ block: 'start', behavior: isMotionReduced ? 'instant' : 'smooth' });
}
