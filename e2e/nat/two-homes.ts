// Two homes with two computers each, every home behind a router of its own, and between them a public network: one
// machine, on which the Discovery node and the TURN server run. All of it in network namespaces.
//
//   a1, a2 - router A - public - router B - b1, b2

import { ip, Namespaces, nft, sysctl } from './namespaces.ts';

/**
 * cone: a port of a computer's is seen as the same port from everywhere, and lets in only those it has sent to (RFC 4787:
 * endpoint-independent mapping, address- and port-dependent filtering; what most home routers do). symmetric: as
 * another one by each destination, so that nobody can be told where to send.
 */
export type Nat = 'cone' | 'symmetric';

export interface Homes {
  readonly a: Nat;
  readonly b: Nat;
  /** Routers that let no UDP out, as some companies' and hotels'. */
  readonly blocksUdp?: 'a' | 'both';
}

export const COMPUTERS = ['a1', 'a2', 'b1', 'b2'] as const;
export type Computer = (typeof COMPUTERS)[number];

/** Addresses for documentation (RFC 5737), so that nothing is mistaken for the real network. */
export const PUBLIC_ADDRESS = '203.0.113.1';
const WANS = {
  a: { gateway: PUBLIC_ADDRESS, address: '203.0.113.10' },
  b: { gateway: '198.51.100.1', address: '198.51.100.20' },
};
const LANS = { a: '192.168.1', b: '192.168.2' };

export interface Network {
  /** Names of namespaces. */
  readonly public: string;
  readonly computers: Readonly<Record<Computer, string>>;
  /** Ends all processes in it. */
  remove(): Promise<void>;
}

export async function buildNetwork(homes: Homes): Promise<Network> {
  const namespaces = new Namespaces();
  try {
    const between = namespaces.add('public');
    sysctl(between, 'net.ipv4.ip_forward=1');
    const [a1, a2] = addHome(namespaces, between, 'a', homes);
    const [b1, b2] = addHome(namespaces, between, 'b', homes);
    return { public: between, computers: { a1, a2, b1, b2 }, remove: () => namespaces.removeAll() };
  } catch (error) {
    await namespaces.removeAll();
    throw error;
  }
}

function addHome(namespaces: Namespaces, between: string, home: 'a' | 'b', homes: Homes): [string, string] {
  const { gateway, address } = WANS[home];
  const lan = LANS[home];
  const router = namespaces.add(`router-${home}`);
  ip(between, `link add to-${home} type veth peer name wan netns ${router}`);
  ip(between, `addr add ${gateway}/24 dev to-${home}`);
  ip(between, `link set to-${home} up`);
  ip(router, `addr add ${address}/24 dev wan`);
  ip(router, 'link set wan up');
  ip(router, `route add default via ${gateway}`);
  ip(router, 'link add lan type bridge');
  ip(router, `addr add ${lan}.1/24 dev lan`);
  ip(router, 'link set lan up');
  sysctl(router, 'net.ipv4.ip_forward=1');
  const computer = (number: 1 | 2): string => {
    const name = namespaces.add(`${home}${number}`);
    ip(router, `link add port${number} type veth peer name eth0 netns ${name}`);
    ip(router, `link set port${number} master lan up`);
    ip(name, `addr add ${lan}.${10 + number}/24 dev eth0`);
    ip(name, 'link set eth0 up');
    ip(name, `route add default via ${lan}.1`);
    return name;
  };
  nft(router, routerRules(homes[home], homes.blocksUdp === 'both' || homes.blocksUdp === home));
  return [computer(1), computer(2)];
}

/** A router drops what nobody asked for: answering it would also spoil its table for the computer that asks a moment later. */
function routerRules(nat: Nat, blocksUdp: boolean): string {
  return `
    table ip home {
      chain forward {
        type filter hook forward priority filter; policy drop;
        ${blocksUdp ? 'oifname "wan" meta l4proto udp drop' : ''}
        ct state established,related accept
        iifname "lan" accept
      }
      chain input {
        type filter hook input priority filter;
        iifname "wan" ct state != { established, related } drop
      }
      chain postrouting {
        type nat hook postrouting priority srcnat;
        oifname "wan" masquerade ${nat === 'symmetric' ? 'random,fully-random' : ''}
      }
    }`;
}
