// Where a socket goes, in the shape in which Socket.IO's and Engine.IO's clients read it: the page gives them an origin, which the
// browser can take apart as well as their own parsers, made for browsers that could not.

interface SocketUrl {
  readonly source: string;
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
}

/** Engine.IO's. `source`: whole. */
export function parse(source: string): SocketUrl {
  const { protocol, hostname, port } = new URL(source);
  // Of an IPv6 address they put the brackets on again.
  return { source, protocol: protocol.slice(0, -1), host: hostname.replace(/[[\]]/g, ''), port };
}

/** Socket.IO's: the namespace is the first, and each socket has a connection of its own. */
export function url(source: string): { readonly source: string; readonly id: string; readonly path: string } {
  return { source, id: source, path: '/' };
}
