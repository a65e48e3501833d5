// What links count, by name: what was done, refused and dropped.

export const LINK_COUNTERS = {
  connectionsCreated: 0,
  linksByDiscovery: 0,
  linksByRing: 0,
  signalsByDiscovery: 0,
  signalsByRing: 0,
  /** The ring did not bring an offer or a call to its target in time, or not as it was. */
  ringFallbacks: 0,
  signalsMalformed: 0,
  /** For another node. */
  signalsMisdirected: 0,
  /** The Discovery node or the ring says that it is of another node than its certificate does. */
  signalsInAnothersName: 0,
  /** A certificate that this ring's key did not sign. */
  signalsForeign: 0,
  signalsExpired: 0,
  /** Not signed by the certificate's owner: made or changed by another. */
  signalsForged: 0,
  /** Of an earlier life of the sender's than one that was seen before. */
  signalsOutdated: 0,
  /** Dropped unchecked: too many came. */
  signalsOverBudget: 0,
  signalsStale: 0,
  /** Offers and calls that waited here until their senders must have given them up. */
  signalsTooLate: 0,
  signalsUnsent: 0,
  /** Descriptions that do not say which one certificate their channel will have. */
  fingerprintsRefused: 0,
  /** Channels whose other end showed the certificate that its description names, as far as that can be known here. */
  fingerprintsCompared: 0,
  /** Channels whose other end showed another certificate than its description names. */
  fingerprintsForeign: 0,
  offersRefused: 0,
  /** Nodes of which there is no certificate are called. */
  callsMade: 0,
  callsTaken: 0,
  callsRefused: 0,
  glare: 0,
  linksReplaced: 0,
  linksTooSlow: 0,
};

export type LinkCounter = keyof typeof LINK_COUNTERS;
