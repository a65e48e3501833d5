// Goes back and forth through the last minutes of the ring.

import { SPEEDS } from '../../model/ring-player.ts';
import { livingWords } from '../../text/words/en/living.ts';
import type { StageProps } from './ring-place.tsx';

export function PlayerControls({ stage: { player } }: StageProps) {
  const words = livingWords();
  const mode = player.mode.value;
  const newest = player.recording.newest.value;
  const { oldest } = player.recording;
  const shown = player.shown.value?.number ?? newest;
  const isEmpty = newest === 0;
  const state = { live: words.isLive, playing: words.isPlaying, paused: words.isPaused }[mode];
  return (
    <div class="player">
      <div class="actions">
        <button
          type="button"
          class="quiet"
          disabled={shown <= oldest}
          aria-label={words.back}
          onClick={() => player.step(-1)}
        >
          <Icon path="M7 5v14M18 5l-8 7 8 7z" />
        </button>
        <button
          type="button"
          class="quiet"
          disabled={isEmpty}
          aria-label={mode === 'paused' ? words.play : words.pause}
          onClick={() => (mode === 'paused' ? player.play() : player.pause())}
        >
          <Icon path={mode === 'paused' ? 'M7 5l12 7-12 7z' : 'M8 5v14M16 5v14'} />
        </button>
        <button
          type="button"
          class="quiet"
          disabled={shown >= newest}
          aria-label={words.on}
          onClick={() => player.step(1)}
        >
          <Icon path="M17 5v14M6 5l8 7-8 7z" />
        </button>
        <button type="button" class="quiet" aria-pressed={mode === 'live'} onClick={() => player.live()}>
          {words.live}
        </button>
        <label class="speed">
          <span>{words.speed}</span>
          <select value={player.speed.value} onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}>
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {words.times(speed)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <input
        type="range"
        class="timeline"
        aria-label={words.timeline}
        aria-valuetext={words.momentOf(shown - oldest + 1, newest - oldest + 1)}
        disabled={isEmpty}
        min={oldest}
        max={Math.max(newest, oldest + 1)}
        value={shown}
        onInput={(event) => player.seek(Number(event.currentTarget.value))}
      />
      <p class="detail" id="player-state" data-mode={mode}>
        {isEmpty ? state : `${state}. ${words.timeline} ${words.momentOf(shown - oldest + 1, newest - oldest + 1)}.`}
      </p>
    </div>
  );
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
