// What stores and fetches files, loaded in one piece after a tab has begun to join: nobody can do either before.

export { prepareThread } from '../trust/bulk-loader.ts';
export { privateSeal } from '../vault/private-seal.ts';
export { CACHE_BYTES, CachedBlocks } from './cached-blocks.ts';
export { checkName } from './name-record.ts';
export { Names } from './names.ts';
export { parseFileLink } from './parse-file-link.ts';
export { retrieveFile, retrieveInto } from './retrieve-file.ts';
export { fetchSegmentNames } from './segment-names.ts';
export { KeyIsUsed, storeFile } from './store-file.ts';
export { StoreLeases } from './store-leases.ts';
