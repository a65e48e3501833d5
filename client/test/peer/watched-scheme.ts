// Real keys under virtual time: it stands still while WebCrypto's threads work.

import type { Scheme } from '../../src/gate/scheme.ts';
import type { Soon } from '../../src/gate/soon.ts';
import type { VirtualTime } from './virtual-time.ts';

export function watched(scheme: Scheme, time: VirtualTime): Scheme {
  const watch = <T>(soon: Soon<T>): Soon<T> => (soon instanceof Promise ? time.standStillFor(soon) : soon);
  return {
    ringKey: scheme.ringKey,
    certificate: scheme.certificate,
    encoded: scheme.encoded,
    sign: (kind, parts) => watch(scheme.sign(kind, parts)),
    verify: (certificate, signature, kind, parts) => watch(scheme.verify(certificate, signature, kind, parts)),
    check: (text) => watch(scheme.check(text)),
    keys: {
      agree: (key, about) => {
        const seal = watch(scheme.keys.agree(key, about));
        if (!(seal instanceof Promise)) return seal;
        return seal.then((known) => ({
          seal: (nonce, bytes) => watch(known.seal(nonce, bytes)),
          unseal: (nonce, bytes) => watch(known.unseal(nonce, bytes)),
        }));
      },
    },
  };
}
