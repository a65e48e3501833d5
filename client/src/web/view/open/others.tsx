// What else was opened in this tab, each with a button that shows it again.

import type { PlaceProps } from '../places.tsx';

export function OthersOpened({ model }: PlaceProps) {
  const others = model.downloads.list.value.filter((other) => other !== model.downloads.before);
  return (
    <section class="card" aria-labelledby="others-title">
      <h2 id="others-title">Also opened here</h2>
      <ul class="list" id="other-files">
        {others.map((other) => {
          const name = other.head.value?.name ?? other.transfer.label;
          return (
            <li key={other} class="id-row">
              <span class="clipped">{name}</span>
              <button
                type="button"
                class="small quiet"
                aria-label={`Show ${name}`}
                onClick={() => model.open(other.source)}
              >
                Show
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
