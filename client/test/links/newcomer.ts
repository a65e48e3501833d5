// A node that keeps nothing but what it is given, as it registers with a Discovery node: for tests of what comes after.

import type { SignalingClientOptions } from '../../src/links/signaling-client.ts';
import { keySuite, type OwnKeys } from '../../src/trust/key-suite.ts';

export interface NewcomerOptions {
  readonly wantedId?: string | undefined;
  readonly device?: string;
  /** Default: new ones. */
  readonly keys?: OwnKeys;
  /** Hears what goes wrong. */
  readonly warn?: (message: string) => void;
}

export async function newcomer({
  wantedId,
  device = 'test',
  keys,
  warn = () => undefined,
}: NewcomerOptions = {}): Promise<Omit<SignalingClientOptions, 'url'>> {
  const suite = await keySuite();
  const own = keys ?? (await suite.create('raw'));
  const quiet = (): void => undefined;
  const certified = async (): Promise<void> => undefined;
  return {
    suite,
    role: 'node',
    comesBack: false,
    identify: async () => ({ keys: own, device, wantedId, certificate: undefined, certified }),
    events: {
      registered: quiet,
      renewed: quiet,
      away: warn,
      refused: (_, message) => warn(message),
      expired: () => warn('certificate expired'),
      removed: warn,
      displaced: () => warn('displaced'),
      notKept: (error) => warn(String(error)),
    },
  };
}
