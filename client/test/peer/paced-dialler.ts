// The dialler as it is, in the model of a crowded machine.

import { Dialler } from '../../src/peer/dialler.ts';
import type { Policy, PolicyHost } from './crowded-machine.ts';

/** Above all links that are wanted: room is another matter. */
const LINK_BUDGET = 64;

export function paced(host: PolicyHost): Policy {
  const pins = () => (peer: Parameters<PolicyHost['needOf']>[0]) => host.needOf(peer) === 'leaf';
  const count = (): void => undefined;
  const close = (): void => undefined;
  return new Dialler(
    { ...host, count, close, pins, needs: () => (peer) => host.needOf(peer), isBusy: () => true },
    LINK_BUDGET,
    16,
  );
}
