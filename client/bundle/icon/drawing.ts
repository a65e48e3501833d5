// The app's icon: the logo, a ring of tabs of which one is this, as shapes. They are drawn twice, as SVG and as pixels
// (pixels.ts), since not every system takes an SVG for an app's icon.

/** The drawing goes from -16 to 16 in both directions, y downwards. */
export const HALF = 16;

export interface Tab {
  /** Clockwise from the top, degrees. */
  readonly angle: number;
  readonly colour: string;
}

export const RING = { radius: 10, width: 2, colour: '#0b7285' } as const;
/** At the top; the others are turned round the middle. */
export const TAB = { x: -4, y: -14, width: 8, height: 7, round: 2 } as const;
/** Later ones lie over earlier ones. */
export const TABS: readonly Tab[] = [60, 120, 180, 240, 300, 0].map((angle) => ({
  angle,
  colour: angle === 0 ? '#d9480f' : RING.colour,
}));

export function iconSvg(): string {
  const { radius, width, colour } = RING;
  const tabs = TABS.map(
    (tab) =>
      `<rect x="${TAB.x}" y="${TAB.y}" width="${TAB.width}" height="${TAB.height}" rx="${TAB.round}" fill="${tab.colour}" transform="rotate(${tab.angle})"/>`,
  );
  const ring = `<circle r="${radius}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  const box = `${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">${ring}${tabs.join('')}</svg>\n`;
}
