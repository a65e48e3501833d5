// `tabring serve` with one thing made certain: of the registered nodes it always names the one that came first. Routes that
// begin at a random node are then the same at every run, and can be compared with a text.

import { cryptoRandom } from '../../../signaling/random.ts';
import { serve } from '../../../signaling/serve.ts';

await serve(process.argv.slice(2), process.env, {
  program: 'tabring serve',
  random: { ...cryptoRandom, below: () => 0 },
});
