// Addresses that mean another machine on every machine, so that links with them are of no use anywhere else.

const OWN_MACHINE = /^(localhost|127\.|\[::1\])/;

/** `host`: as a URL has it, with or without a port. */
export function isOwnMachine(host: string): boolean {
  return OWN_MACHINE.test(host);
}
