// What only a part of the page needs that is loaded later: made when it asks first, one for each peer.

import type { PeerApi } from '../../peer/api.ts';

export function madeFor<Made>(make: (peer: PeerApi) => Made): (model: { readonly peer: PeerApi }) => Made {
  const madeByPeer = new WeakMap<PeerApi, Made>();
  return ({ peer }) => {
    const made = madeByPeer.get(peer) ?? make(peer);
    madeByPeer.set(peer, made);
    return made;
  };
}
