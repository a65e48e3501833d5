// Every interval and timeout of the protocol, with its reason. All in milliseconds.

export interface Timing {
  /** Silence after which a node pings its counterclockwise neighbour: half of how soon a death is noticed. */
  readonly keepaliveMs: number;
  /** Waits for the answer to a probe's first, second, … sending. After the last the node is dead: their sum must outlast
   * the one-second timer clamp of a hidden tab and a burst of loss. */
  readonly probeTimeoutsMs: readonly number[];
  /** The same for a node that another has reported dead after its own full probe. */
  readonly hearsayProbeTimeoutsMs: readonly number[];
  /** The same for a node that is in no leaf set here: a wrong verdict costs an entry, which is replaced. After a missed
   * acknowledgement the first wait begins without a question: the message was one. */
  readonly entryProbeTimeoutsMs: readonly number[];
  /** Bounds of the retransmission timeout of one hop; between them it follows the measured round-trip time. */
  readonly ackTimeoutMinMs: number;
  readonly ackTimeoutMaxMs: number;
  /** Assumed before any round trip to a node was measured. */
  readonly ackTimeoutInitialMs: number;
  /** How long a link may take to open before the hop is given to another node. */
  readonly linkTimeoutMs: number;
  /** How long an unasked question waits for its link before its node counts as silent: longer than a machine with too much to
   * do may let a wish wait and take to open a link (peer/limits.ts); it says itself when one has failed. */
  readonly linkVerdictMs: number;
  /** How long the news of a death may take to bring a replacement before a short half asks for one. */
  readonly leafRepairMs: number;
  /** How long a candidate for the leaf set that answered counts as alive, and may wait for a suspect's place. */
  readonly standbyMs: number;
  /** If it gets the place this soon it need not be asked again: it has heard of the deaths that made room. */
  readonly freshMs: number;
  /** How long after a first failed attempt a link to the same node is tried again; twice as long after each further one. */
  readonly linkRetryMs: number;
  /** A periodic leaf-set exchange with one random leaf: finds what events missed (Bamboo, section 4.1). */
  readonly leafSetExchangeMs: number;
  /** A periodic exchange of one routing-table row with one of its entries (Pastry, section 2.6; MSPastry, section 3.3). */
  readonly rowExchangeMs: number;
  /** Between two questions to nodes that others named as nearer than an entry: each may cost a link, and its answer may name
   * the next one, without end where round-trip times vary by more than they differ. */
  readonly improvementMs: number;
  /** How long a newcomer waits for the rows of its entries before it chooses the nearest nodes in them. */
  readonly rowChoiceMs: number;
  /** How long the periodic exchanges may take to fill emptied cells before somebody is asked for all of them. */
  readonly cellRepairMs: number;
  /** How long to wait for the answer to a join request before trying another sponsor. */
  readonly joinTimeoutMs: number;
  /** The pause before the Discovery node is asked for another sponsor: it needs some seconds to notice a death itself. */
  readonly sponsorRetryMs: number;
  /** How often to look up the own id through a random node of the Discovery node's, to find a split ring. */
  readonly mergeMs: number;
  /** The same while no other node is known. */
  readonly mergeAloneMs: number;
  /** An origin's wait for an answer before it sends its message again. */
  readonly requestRetryMs: number;
  /** How long a lookup may take in all. */
  readonly lookupTimeoutMs: number;
  /** A wake this late means that the node was frozen: it confirms its leaf set before it delivers again. */
  readonly freezeMs: number;
  /** How long a dead node's id and epoch are remembered, so that hearsay cannot bring it back. */
  readonly obituaryMs: number;
  /** The same if a link to it was not answered, or only the Discovery node, asked for one, said that it is gone. */
  readonly absenceMs: number;
}

/** For tabs that people open and close. */
export const DEFAULT_TIMING: Timing = {
  keepaliveMs: 5_000,
  probeTimeoutsMs: [1_000, 2_000, 3_000, 3_000],
  hearsayProbeTimeoutsMs: [2_500],
  entryProbeTimeoutsMs: [3_000],
  ackTimeoutMinMs: 300,
  ackTimeoutMaxMs: 5_000,
  ackTimeoutInitialMs: 1_500,
  linkTimeoutMs: 15_000,
  linkVerdictMs: 60_000,
  leafRepairMs: 1_500,
  standbyMs: 20_000,
  freshMs: 5_000,
  linkRetryMs: 60_000,
  leafSetExchangeMs: 15_000,
  rowExchangeMs: 60_000,
  improvementMs: 240_000,
  rowChoiceMs: 2_000,
  cellRepairMs: 600_000,
  joinTimeoutMs: 8_000,
  sponsorRetryMs: 500,
  mergeMs: 120_000,
  mergeAloneMs: 5_000,
  requestRetryMs: 5_000,
  lookupTimeoutMs: 30_000,
  freezeMs: 15_000,
  obituaryMs: 120_000,
  absenceMs: 10_000,
};
