// The link of a file that is open, to be handed on: with its key, which the address bar does not show.

/** `source`: from `#/f/` on. `here`: the page's address, also below a path; an id that is asked for in it is this tab's alone. */
export function wholeLink(source: string, here: string): string {
  return new URL('.', here).href + source;
}
