// Parts of a scheme, bound: they are methods of a class, and a test changes some of them.

import type { Scheme } from '../../src/gate/scheme.ts';

export function schemeOf(scheme: Scheme): Scheme {
  return {
    ringKey: scheme.ringKey,
    certificate: scheme.certificate,
    encoded: scheme.encoded,
    keys: scheme.keys,
    sign: (kind, parts) => scheme.sign(kind, parts),
    verify: (certificate, signature, kind, parts) => scheme.verify(certificate, signature, kind, parts),
    check: (text) => scheme.check(text),
  };
}
