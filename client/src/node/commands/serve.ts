// `tabring serve`: the Discovery node, with the options of `npm start`.

import { serve as serveDiscovery } from '../../../../signaling/serve.ts';

/** Listens, and the process goes on until it is stopped; its exit code is set if it cannot. */
export function serve(args: readonly string[]): Promise<void> {
  return serveDiscovery(args, process.env, { program: 'tabring serve' });
}
