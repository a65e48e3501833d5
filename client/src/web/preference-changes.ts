// The user chooses anew, here or in another tab of this browser. Where storage is blocked the choice is this tab's, until it is closed.

import { PREFERENCE_KEYS, type Preference } from './preferences.ts';

/** `value`: undefined to forget. */
export function setPreference(which: Preference, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFERENCE_KEYS[which]);
    else localStorage.setItem(PREFERENCE_KEYS[which], value);
  } catch (error) {
    console.info('what was chosen is not kept', error);
  }
}

/** Calls `changed` when it is chosen anew in another tab. */
export function watchPreference(which: Preference, changed: () => void): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === PREFERENCE_KEYS[which]) changed();
  });
}
