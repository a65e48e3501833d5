// What the user has chosen for all tabs of this browser (preference-changes.ts).

export const PREFERENCE_KEYS = { language: 'tabring-language', colours: 'tabring-colours' } as const;
export type Preference = keyof typeof PREFERENCE_KEYS;

/** Undefined if nothing has been chosen, or storage is blocked. */
export function preference(which: Preference): string | undefined {
  try {
    return localStorage.getItem(PREFERENCE_KEYS[which]) ?? undefined;
  } catch {
    return undefined;
  }
}
