// npm run test:large: files of gigabytes by the command line, in Chromium and in Firefox, into rings of Node peers and back. They must
// come whole, and memory stay as it is for small ones. Linux. Sizes in bytes: TABRING_LARGE_BYTES (5 GiB by default, beyond 2^32),
// TABRING_LARGE_TAB_BYTES (2 GiB), TABRING_LARGE_FIREFOX_BYTES (100 MB); 0 leaves one out. Prints what it measured.

import { byCommandLine } from './by-command-line.ts';
import { fromATab } from './from-a-tab.ts';
import { inFirefox } from './in-firefox.ts';

const BYTES = Number(process.env.TABRING_LARGE_BYTES ?? 5 * 2 ** 30);
const TAB_BYTES = Number(process.env.TABRING_LARGE_TAB_BYTES ?? 2 * 2 ** 30);
const FIREFOX_BYTES = Number(process.env.TABRING_LARGE_FIREFOX_BYTES ?? 100e6);

if (BYTES > 0) await byCommandLine(BYTES);
if (TAB_BYTES > 0) await fromATab(TAB_BYTES);
if (FIREFOX_BYTES > 0) await inFirefox(FIREFOX_BYTES);
process.exit();
