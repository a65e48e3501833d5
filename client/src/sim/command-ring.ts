// sim ring: a small ring of given ids, its tables, and the routes that lookups take; after departures and crashes if
// wanted. For the classroom, and for checking single routes by hand.

import { idFromPrefix, type Key, type NodeId } from '../core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { type Flags, parseFlags, UsageError } from './arguments.ts';
import { checkRing, type Violation } from './checkers.ts';
import { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { createTabringNode } from './machine.ts';
import type { Progress, Report } from './report.ts';

/**
 * The seed says where the nodes are, and proximity decides between candidates for a cell. By this one 2293 is nearer to
 * 8aa6 than to 85d9 in the ring 2293,7eaf,85d9,8aa6,da7f, so that its route to 818e shows all of Pastry's rules.
 */
const CLASSROOM_SEED = 2;
/** Leaf sets are right within a minute; a dead table entry that nobody uses is found by exchanges with random entries. */
const REPAIR_LIMIT_MS = 4 * 3_600_000;
const CHECK_INTERVAL_MS = 5_000;
const LOOKUP_LIMIT_MS = 120_000;
/** Beyond this nobody looks at the tables one by one. */
const MAX_NODES = 1_000;

interface Route {
  readonly from: NodeId;
  readonly key: Key;
  readonly route: readonly NodeId[];
  readonly root: NodeId | undefined;
  readonly hops: number;
}

export function ring(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(args, ['ids', 'digits', 'leaf-set', 'seed', 'route', 'leave', 'crash'], ['json']);
  const digits = flags.whole('digits', 4, 1, 64);
  const leafSetSize = flags.whole('leaf-set', 2, 2, 128);
  if (leafSetSize % 2 !== 0) throw new UsageError('--leaf-set wants an even number');
  const seed = flags.whole('seed', CLASSROOM_SEED, 0, Number.MAX_SAFE_INTEGER);
  const ids = idsOf(flags, digits);
  const departures = flags.inOrder
    .filter(({ name }) => name === 'leave' || name === 'crash')
    .map(({ name, value }) => ({ how: name, nodeId: memberOf(ids, value, digits) }));
  const gone = new Set(departures.map(({ nodeId }) => nodeId));
  const questions = flags.all('route').map((text) => questionOf(text, ids, gone, digits));

  const cluster = new Cluster({
    seed,
    params: { ...DEFAULT_RING_PARAMS, digits, leafSetSize },
    timing: DEFAULT_TIMING,
    topology: 'plane',
    links: 'instant',
    wire: true,
    createMachine: createTabringNode,
  });
  const violations: Violation[] = [];
  for (const nodeId of ids) {
    const host = cluster.join({ nodeId });
    cluster.runUntil(() => host.status === 'active', REPAIR_LIMIT_MS);
  }
  violations.push(...settle(cluster));
  for (const { how, nodeId } of departures) {
    const host = hostOf(cluster, nodeId);
    if (host === undefined) continue;
    progress(`${nodeId} ${how === 'leave' ? 'leaves' : 'crashes'}`);
    if (how === 'leave') cluster.leave(host);
    else cluster.crash(host);
    cluster.runUntil(() => host.state === 'down', REPAIR_LIMIT_MS);
    violations.push(...settle(cluster));
  }
  const routes = questions.map(({ from, key }) => routeOf(cluster, from, key));
  return report(cluster, routes, violations);
}

/** Runs until every table is right; returns what is wrong at the end. */
function settle(cluster: Cluster): Violation[] {
  const deadline = cluster.schedule.now + REPAIR_LIMIT_MS;
  let violations = checkRing(cluster);
  while (violations.length > 0 && cluster.schedule.now < deadline) {
    cluster.run(CHECK_INTERVAL_MS);
    violations = checkRing(cluster);
  }
  return violations;
}

function routeOf(cluster: Cluster, from: NodeId, key: Key): Route {
  let route: readonly NodeId[] = [];
  cluster.lookups.onAnswer = (_key, taken) => {
    route = taken;
  };
  const host = hostOf(cluster, from);
  if (host !== undefined) cluster.lookups.issue(host, key);
  cluster.runUntil(() => cluster.lookups.pending === 0, LOOKUP_LIMIT_MS);
  return { from, key, route, root: route.at(-1), hops: Math.max(0, route.length - 1) };
}

function report(cluster: Cluster, routes: readonly Route[], violations: readonly Violation[]): Report {
  const stats = cluster.lookups.takeStats();
  const nodes = [...cluster.hosts].map((host) => {
    const { leafSet, routingTable } = host.machine.inspect();
    return { nodeId: host.nodeId, leafSet, routingTable };
  });
  const rows: [string, string][] = [];
  for (const { nodeId, leafSet, routingTable } of nodes) {
    rows.push([nodeId, `leaf set  cw ${leafSet.cw.join(' ')}  ccw ${leafSet.ccw.join(' ')}`]);
    for (const cell of routingTable) rows.push(['', `row ${cell.row} column ${cell.column}  ${cell.nodeId}`]);
  }
  for (const { from, key, route } of routes) rows.push([`${from}:${key}`, route.join(' -> ') || 'no answer']);
  for (const { rule, detail } of violations) rows.push([`broken: ${rule}`, detail]);
  const isGood = violations.length === 0 && stats.lost === 0 && stats.misdelivered === 0;
  return { json: { nodes, routes, ...(violations.length > 0 && { violations }) }, rows, isGood };
}

function hostOf(cluster: Cluster, nodeId: NodeId): Host | undefined {
  return cluster.network.hostOf(nodeId);
}

function idsOf(flags: Flags, digits: number): NodeId[] {
  const text = flags.text('ids');
  if (text === undefined) throw new UsageError('--ids is missing');
  const ids = text.split(',').map((part) => idOf(part.trim(), digits));
  if (new Set(ids).size !== ids.length) throw new UsageError('--ids names an id twice');
  if (ids.length > MAX_NODES) throw new UsageError(`--ids takes at most ${MAX_NODES} ids`);
  return ids;
}

function idOf(text: string, digits: number): NodeId {
  const id = text === '' ? undefined : idFromPrefix(text, digits);
  if (id === undefined) throw new UsageError(`"${text}" is no id of ${digits} hex digits`);
  return id;
}

function memberOf(ids: readonly NodeId[], text: string, digits: number): NodeId {
  const id = idOf(text, digits);
  if (!ids.includes(id)) throw new UsageError(`${id} is not in --ids`);
  return id;
}

function questionOf(
  text: string,
  ids: readonly NodeId[],
  gone: ReadonlySet<NodeId>,
  digits: number,
): { readonly from: NodeId; readonly key: Key } {
  const [from, key, ...rest] = text.split(':');
  if (from === undefined || key === undefined || rest.length > 0)
    throw new UsageError(`--route wants from:key, not "${text}"`);
  const origin = memberOf(ids, from, digits);
  if (gone.has(origin)) throw new UsageError(`${origin} cannot look up: it has gone`);
  return { from: origin, key: idOf(key, digits) };
}
