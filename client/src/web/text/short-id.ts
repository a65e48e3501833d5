// Ids as people read them.

/** Characters of an id that the page shows where the whole would be noise; four tell tabs of one ring apart. */
const SHORT_ID_CHARACTERS = 4;

/** 3f2a… for a long id; an id of a classroom ring as it is. */
export function shortId(id: string): string {
  return id.length > SHORT_ID_CHARACTERS ? `${id.slice(0, SHORT_ID_CHARACTERS)}…` : id;
}

/** A sentence that ends with a short id, which brings its own dots. */
export function withoutDoubledDots(sentence: string): string {
  return sentence.replaceAll('….', '…');
}
