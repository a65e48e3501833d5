// A compact transit-stub internet: 10 transit domains of 5 routers, 10 stub domains of 10 routers behind each transit
// router: 5,050 routers, the size and shape of the GT-ITM graph in MSPastry, section 5.1. Each stub domain has one way
// out, so the shortest path is stub, transit, stub, and needs no table of all pairs.

import type { Rng } from './rng.ts';
import type { Topology } from './topology.ts';

const TRANSIT_DOMAINS = 10;
const TRANSIT_ROUTERS_PER_DOMAIN = 5;
const STUB_DOMAINS_PER_TRANSIT_ROUTER = 10;
const ROUTERS_PER_STUB_DOMAIN = 10;
/** Sizes of domains relative to the whole, as GT-ITM's defaults roughly draw them. */
const TRANSIT_DOMAIN_SIZE = 0.1;
const STUB_DOMAIN_SIZE = 0.03;
/** Chance of a direct edge between two routers of a domain, beside those that keep it connected. */
const EDGE_CHANCE = 0.4;
/** From a node to its router, milliseconds. */
const ACCESS_DELAY_MS = 1;
/** Random pairs by which delays are scaled to the wanted mean. */
const SCALING_SAMPLES = 20_000;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Shortest ways between all pairs of a small graph, flat by row. */
interface Graph {
  readonly size: number;
  readonly distances: Float64Array;
}

interface StubDomain {
  readonly transitRouter: number;
  readonly graph: Graph;
  /** From the domain's gateway, its router 0, to its transit router. */
  readonly uplink: number;
}

export function createTransitStub(rng: Rng, meanDelayMs: number): Topology {
  const transitPoints = transitRouterPoints(rng);
  const transit = transitGraph(rng, transitPoints);
  const domains = transitPoints.flatMap((point, router) => stubDomains(rng, point, router));
  const domainByPlace: StubDomain[] = [];
  const routerByPlace: number[] = [];

  const add = (from: Rng): number => {
    const domain = domains[from.int(domains.length)];
    if (domain === undefined) throw new Error('a transit-stub topology has stub domains');
    domainByPlace.push(domain);
    return routerByPlace.push(from.int(ROUTERS_PER_STUB_DOMAIN)) - 1;
  };
  const unscaled = (a: number, b: number): number => {
    const domainA = domainByPlace[a];
    const domainB = domainByPlace[b];
    if (domainA === undefined || domainB === undefined) throw new Error('no such place');
    const routerA = routerByPlace[a] ?? 0;
    const routerB = routerByPlace[b] ?? 0;
    if (domainA === domainB) return distance(domainA.graph, routerA, routerB);
    const up = distance(domainA.graph, routerA, 0) + domainA.uplink;
    const down = distance(domainB.graph, routerB, 0) + domainB.uplink;
    return up + distance(transit, domainA.transitRouter, domainB.transitRouter) + down;
  };

  const samples = rng.split('scaling');
  let total = 0;
  for (let index = 0; index < SCALING_SAMPLES; index += 1) total += unscaled(add(samples), add(samples));
  domainByPlace.length = 0;
  routerByPlace.length = 0;
  const scale = (meanDelayMs - 2 * ACCESS_DELAY_MS) / (total / SCALING_SAMPLES);

  return {
    add: () => add(rng),
    delayMs: (a, b) => (a === b ? 0 : unscaled(a, b) * scale + 2 * ACCESS_DELAY_MS),
  };
}

function transitRouterPoints(rng: Rng): Point[] {
  const points: Point[] = [];
  for (let domain = 0; domain < TRANSIT_DOMAINS; domain += 1) {
    const centre = { x: rng.float(), y: rng.float() };
    for (let router = 0; router < TRANSIT_ROUTERS_PER_DOMAIN; router += 1) {
      points.push(nearby(rng, centre, TRANSIT_DOMAIN_SIZE));
    }
  }
  return points;
}

/** Each domain's routers are connected among themselves, and a tree with extra edges connects the domains. */
function transitGraph(rng: Rng, points: readonly Point[]): Graph {
  const edges: [number, number][] = [];
  for (let domain = 0; domain < TRANSIT_DOMAINS; domain += 1) {
    const first = domain * TRANSIT_ROUTERS_PER_DOMAIN;
    for (const [a, b] of connectedEdges(rng, TRANSIT_ROUTERS_PER_DOMAIN)) edges.push([first + a, first + b]);
  }
  for (const [a, b] of connectedEdges(rng, TRANSIT_DOMAINS)) {
    edges.push([
      a * TRANSIT_ROUTERS_PER_DOMAIN + rng.int(TRANSIT_ROUTERS_PER_DOMAIN),
      b * TRANSIT_ROUTERS_PER_DOMAIN + rng.int(TRANSIT_ROUTERS_PER_DOMAIN),
    ]);
  }
  return shortestWays(points, edges);
}

function stubDomains(rng: Rng, transitPoint: Point, transitRouter: number): StubDomain[] {
  return Array.from({ length: STUB_DOMAINS_PER_TRANSIT_ROUTER }, () => {
    const centre = nearby(rng, transitPoint, TRANSIT_DOMAIN_SIZE);
    const points = Array.from({ length: ROUTERS_PER_STUB_DOMAIN }, () => nearby(rng, centre, STUB_DOMAIN_SIZE));
    const graph = shortestWays(points, connectedEdges(rng, ROUTERS_PER_STUB_DOMAIN));
    return { transitRouter, graph, uplink: length(points[0] ?? centre, transitPoint) };
  });
}

/** A random tree and some edges more. */
function connectedEdges(rng: Rng, size: number): [number, number][] {
  const edges: [number, number][] = [];
  for (let b = 1; b < size; b += 1) {
    const parent = rng.int(b);
    for (let a = 0; a < b; a += 1) if (a === parent || rng.chance(EDGE_CHANCE)) edges.push([a, b]);
  }
  return edges;
}

/** Floyd and Warshall's algorithm: fine for the at most 50 routers of these graphs. */
function shortestWays(points: readonly Point[], edges: readonly (readonly [number, number])[]): Graph {
  const size = points.length;
  const distances = new Float64Array(size * size).fill(Number.POSITIVE_INFINITY);
  for (let router = 0; router < size; router += 1) distances[router * size + router] = 0;
  for (const [a, b] of edges) {
    const from = points[a];
    const to = points[b];
    if (from === undefined || to === undefined) continue;
    distances[a * size + b] = length(from, to);
    distances[b * size + a] = length(from, to);
  }
  for (let via = 0; via < size; via += 1) {
    for (let a = 0; a < size; a += 1) {
      for (let b = 0; b < size; b += 1) {
        const detour = (distances[a * size + via] ?? 0) + (distances[via * size + b] ?? 0);
        if (detour < (distances[a * size + b] ?? 0)) distances[a * size + b] = detour;
      }
    }
  }
  return { size, distances };
}

function distance(graph: Graph, a: number, b: number): number {
  return graph.distances[a * graph.size + b] ?? 0;
}

function nearby(rng: Rng, centre: Point, size: number): Point {
  return { x: centre.x + rng.between(-size, size), y: centre.y + rng.between(-size, size) };
}

function length(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
