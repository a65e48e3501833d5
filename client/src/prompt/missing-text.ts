// What is said of entries of a name that did not come.

/** What else is listed under a name. */
export function missingText(missing: number): string {
  return `${missing === 1 ? '1 more entry' : `${missing} more entries`} of this name could not be fetched in time`;
}
