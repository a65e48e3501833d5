// How what is shared is to be kept: for everybody or by its link alone, and for how long.

import { ownWords } from '../../text/words/en/own.ts';
import type { PlaceProps } from '../places.tsx';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

export function Choices({ model }: PlaceProps) {
  const words = ownWords();
  const { isPublic, keptMs } = model.drafts;
  const longestMs = model.inspection.value.params.leaseDays * DAY_MS;
  const times = [HOUR_MS, DAY_MS].filter((ms) => ms < longestMs);
  return (
    <div class="choices">
      <label class="choice">
        <input
          type="checkbox"
          id="public-choice"
          checked={isPublic.value}
          onChange={(event) => {
            isPublic.value = event.currentTarget.checked;
          }}
        />{' '}
        <span>
          <strong>{words.publicChoice}</strong>{' '}
          <span class="detail">{isPublic.value ? words.isPublic : words.isPrivate}</span>
        </span>
      </label>
      <label class="choice">
        <strong>{words.keptChoice}</strong>{' '}
        <select
          id="kept-choice"
          value={keptMs.value ?? ''}
          onChange={({ currentTarget: { value } }) => {
            keptMs.value = value === '' ? undefined : Number(value);
          }}
        >
          <option value="">{words.keptRenewed}</option>
          {times.map((ms) => (
            <option key={ms} value={ms}>
              {words.keptHours(ms / HOUR_MS)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
