// What the storage layer takes from the driver.

import type { Input } from '../io.ts';

/** The inputs that are PAST's; of `start` it takes the held blocks. */
export type PastInput = Extract<
  Input,
  {
    readonly type:
      | 'start'
      | 'store'
      | 'lease'
      | 'leases-kept'
      | 'fetch'
      | 'list'
      | 'watch'
      | 'unwatch'
      | 'block-arrived'
      | 'given'
      | 'block-failed'
      | 'block-lost'
      | 'disk'
      | 'proved'
      | 'room';
  }
>;
