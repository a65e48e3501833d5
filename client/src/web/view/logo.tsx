// The logo: a ring of tabs, of which one is this.

/** Degrees. */
const TABS = [0, 60, 120, 180, 240, 300];

export function Logo() {
  return (
    <svg class="logo" viewBox="-16 -16 32 32" aria-hidden="true">
      <circle class="logo-ring" r="10" />
      {TABS.map((angle) => (
        <rect
          key={angle}
          class={angle === 0 ? 'logo-self' : 'logo-tab'}
          x="-3.6"
          y="-13"
          width="7.2"
          height="6"
          rx="1.8"
          transform={`rotate(${angle})`}
        />
      ))}
    </svg>
  );
}
