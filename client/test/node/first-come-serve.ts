// `tabring serve` with one thing made certain: of the registered nodes it always names the one that came first. Routes that
// begin at a random node are then the same at every run, and can be compared with a text.

import { serve } from '../../../signaling/serve.ts';
import type { Draw } from '../../../signaling/sponsors.ts';

const firstCome: Draw = (pools, _, leftOut) =>
  pools
    .flatMap(({ members }) => members)
    .filter((member) => member !== leftOut)
    .sort((a, b) => a.order - b.order)[0];

await serve(process.argv.slice(2), process.env, { program: 'tabring serve', draw: firstCome });
