// What the Discovery node does and refuses, counted with prom-client: for Prometheus through /metrics, and by short names for
// tests. Each node has a registry of its own; what is the process's (memory, the event loop) is in process-metrics.ts.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RemovalReason } from './console.ts';

/** Why a request or a connection was refused. */
export const REFUSALS = [
  ...(['bad-request', 'not-proven', 'id-taken', 'admissions-used-up', 'earlier-version', 'not-registered'] as const),
  ...(['unknown-peer', 'rate-limited', 'unknown-event', 'no-acknowledgement', 'protocol-error', 'cut-off'] as const),
  ...(['origins-refused', 'hosts-refused', 'entry-wanted', 'entry-wrong', 'directory-away', 'relay-full'] as const),
] as const;
export type RefusalName = (typeof REFUSALS)[number];

/** What is counted, by short name: the metric, and its label if it has one. */
const PLACES = {
  registered: ['registrations', 'node'],
  clients: ['registrations', 'client'],
  renewed: ['renewals'],
  displaced: ['displacements'],
  relayed: ['relays'],
  'relayed-bytes': ['relayedBytes'],
  'relayed-frames': ['relayedFrames'],
  sponsors: ['sponsors'],
  taken: ['idsNotGranted', 'taken'],
  'not-allowed': ['idsNotGranted', 'not-allowed'],
  'page-errors': ['errors', 'page'],
  failures: ['errors', 'registration'],
} as const;
export type CounterName = keyof typeof PLACES | RefusalName;

/** Seconds. From what an answer out of memory takes to what a tab gives up after. */
const ANSWER_BUCKETS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What can be asked for at any time. */
export interface Census {
  nodes(): number;
  clients(): number;
  sockets(): number;
  /** Undefined: this Discovery node carries no frames. */
  readonly relayedPairs?: (() => number) | undefined;
}

export class Metrics {
  readonly registry = new Registry();
  readonly #counters = {
    registrations: this.#counter('registrations', 'Registrations, by role', ['role']),
    renewals: this.#counter('certificate_renewals', 'Certificates that were renewed'),
    displacements: this.#counter('displacements', 'Registrations that moved to another socket of the same key'),
    removals: this.#counter('removals', 'Nodes that are registered no more, by reason', ['reason']),
    relays: this.#counter('relayed_signals', 'Signals that were handed on to another tab'),
    relayedBytes: this.#counter(
      'relayed_bytes',
      'Bytes that were carried between tabs that nothing else joins (--relay)',
    ),
    relayedFrames: this.#counter('relayed_frames', 'Pieces in which these bytes were carried (--relay)'),
    sponsors: this.#counter('sponsor_requests', 'Requests for a random other node'),
    refusals: this.#counter('refusals', 'Requests and connections that were refused, by reason', ['reason']),
    idsNotGranted: this.#counter('ids_not_granted', 'Wishes for a certain id that were not granted, by reason', [
      'reason',
    ]),
    errors: this.#counter('errors', 'Faults of this Discovery node, by where', ['where']),
  };
  readonly #answers = new Histogram({
    name: 'tabring_answer_seconds',
    help: 'From the arrival of a request to its answer, by event',
    labelNames: ['event'],
    buckets: ANSWER_BUCKETS,
    registers: [this.registry],
  });

  count(name: CounterName): void {
    if (!isPlaced(name)) {
      this.#counters.refusals.labels(name).inc();
      return;
    }
    const [metric, label] = PLACES[name];
    if (label === undefined) this.#counters[metric].inc();
    else this.#counters[metric].labels(label).inc();
  }

  /** A piece of so many bytes was carried between two tabs. */
  frame(bytes: number): void {
    this.#counters.relayedBytes.inc(bytes);
    this.#counters.relayedFrames.inc();
  }

  removed(reason: RemovalReason): void {
    this.#counters.removals.labels(reason.replaceAll(' ', '-')).inc();
  }

  /** `seconds`: from the arrival of a request to its answer. */
  answered(event: string, seconds: number): void {
    this.#answers.labels(event).observe(seconds);
  }

  /** From now on the registry also tells how many there are. */
  watch({ nodes, clients, sockets, relayedPairs }: Census): void {
    this.#gauge('registered_nodes', 'Tabs and peers that are registered', nodes);
    this.#gauge('registered_clients', 'Commands that are registered', clients);
    this.#gauge('sockets', 'Open connections, registered or not', sockets);
    if (relayedPairs !== undefined)
      this.#gauge('relayed_pairs', 'Pairs of tabs that it has carried frames for lately', relayedPairs);
  }

  /** All that was ever counted, by short name. */
  async counters(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [name, counter] of Object.entries(this.#counters)) {
      for (const { labels, value } of (await counter.get()).values) {
        const [label] = Object.values(labels);
        const short = Object.entries(PLACES).find(([, place]) => place[0] === name && place[1] === label)?.[0];
        if (value > 0) counts[short ?? String(label)] = value;
      }
    }
    return counts;
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `tabring_${name}_total`, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, value: () => number): void {
    const collect = function (this: Gauge): void {
      this.set(value());
    };
    new Gauge({ name: `tabring_${name}`, help, registers: [this.registry], collect });
  }
}

function isPlaced(name: CounterName): name is keyof typeof PLACES {
  return name in PLACES;
}
