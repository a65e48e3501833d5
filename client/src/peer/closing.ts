// What closing this node now would cost: which own files, and how many blocks of others, would be left without a copy, or
// with fewer than a quorum of them.

import type { Holding } from '../core/past/holdings.ts';
import type { OwnFile } from './api.ts';
import { areEnough } from './file-state.ts';
import type { ClosingReport } from './file-status.ts';
import type { FileStatuses } from './file-statuses.ts';

interface ClosingParts {
  readonly own: readonly OwnFile[];
  readonly statuses: FileStatuses;
  readonly holdings: readonly Holding[];
  /** Copies wanted of each block. */
  readonly wanted: number;
}

export function closingReport({ own, statuses, holdings, wanted }: ClosingParts): ClosingReport {
  const onlyHere = new Set(holdings.filter(({ others }) => others.length === 0).map(({ block }) => block.digest));
  const fewer = new Set(holdings.filter(({ others }) => !areEnough(others, wanted)).map(({ block }) => block.digest));
  const has = (file: OwnFile, digests: ReadonlySet<string>): boolean =>
    statuses.blocks(file.fileId).some(({ digest }) => digests.has(digest));
  const lost = own.filter((file) => has(file, onlyHere));
  const ownDigests = new Set(own.flatMap(({ fileId }) => statuses.blocks(fileId).map(({ digest }) => digest)));
  const ofOthers = (digests: ReadonlySet<string>): number =>
    [...digests].filter((digest) => !ownDigests.has(digest)).length;
  const short = own.filter((file) => !lost.includes(file) && (has(file, fewer) || !isSpread(file)));
  return {
    safe: fewer.size === 0 && lost.length === 0 && short.length === 0,
    known: !holdings.some(({ block: { digest }, isNew }) => isNew && fewer.has(digest) && !ownDigests.has(digest)),
    lost: { files: lost, blocks: ofOthers(onlyHere) },
    atRisk: { files: short, blocks: ofOthers(fewer) - ofOthers(onlyHere) },
  };
}

/** Of what is not held here, closing takes nothing away; but what is not safe now is not safe then. */
function isSpread({ state }: OwnFile): boolean {
  return state === 'safe' || state === 'copying';
}
