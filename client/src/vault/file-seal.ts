// What a file's blocks are to those who hold them: its own bytes, or sealed ones. docs/format.md describes every byte.

/** Which of a file's segments it is. */
export interface Place {
  /** From 0. */
  readonly index: number;
  readonly isLast: boolean;
}

export interface FileSeal {
  /** Bytes by which a sealed segment is longer. */
  readonly overheadBytes: number;
  /** True if the same bytes at two places are the same block. */
  readonly isPlain: boolean;
  sealSegment(place: Place, bytes: Uint8Array): Promise<Uint8Array>;
  /** Undefined if it is not what was sealed, or was sealed for another place, or under another key. */
  openSegment(place: Place, sealed: Uint8Array): Promise<Uint8Array | undefined>;
  sealManifest(bytes: Uint8Array): Promise<Uint8Array>;
  /** Undefined if it was sealed under another key, or not at all. */
  openManifest(sealed: Uint8Array): Promise<Uint8Array | undefined>;
}

/** Of public files: everybody reads them. */
export const publicSeal: FileSeal = {
  overheadBytes: 0,
  isPlain: true,
  sealSegment: async (_, bytes) => bytes,
  openSegment: async (_, bytes) => bytes,
  sealManifest: async (bytes) => bytes,
  openManifest: async (bytes) => bytes,
};
