// How many bytes are many: less is computed at once, for handing it over would take longer.

/** WebCrypto is ten times as fast as noble, which is used where there is none. */
export function bulkBytes(): number {
  // The types promise `subtle` always; insecure contexts lack it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  return subtle === undefined ? 32_768 : 262_144;
}
