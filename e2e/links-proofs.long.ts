// Links prove both ends between real browsers: on pages that came by plain http, where keys are those of a library, and
// between Firefox and Chromium.

import { chromium, firefox } from 'playwright/test';
import { chromiumLaunch } from './support/chromium.ts';
import { firefoxLaunch, whyNoFirefox } from './support/firefox.ts';
import { testProofs } from './support/proofs-of-links.ts';

/** A name of this machine in a browser that is told so; its pages are no secure context. */
const PLAIN_HOST = 'tabring.local';

testProofs({
  title: 'pages by plain http',
  host: PLAIN_HOST,
  open: async () => {
    const { executablePath, args } = chromiumLaunch();
    const plain = await chromium.launch({
      executablePath,
      args: [...args, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`],
    });
    return [plain, plain];
  },
});

testProofs({
  title: 'Firefox and Chromium',
  reasonToSkip: whyNoFirefox(),
  open: async (own) => [await firefox.launch(firefoxLaunch()), own],
});
