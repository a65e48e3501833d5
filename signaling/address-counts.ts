// How many of something each network address has now. Addresses that have none take no memory.

import { addressGroup } from './networks.ts';

export class AddressCounts {
  readonly #countByGroup = new Map<string, number>();

  of(address: string): number {
    return this.#countByGroup.get(addressGroup(address)) ?? 0;
  }

  add(address: string): void {
    this.#countByGroup.set(addressGroup(address), this.of(address) + 1);
  }

  remove(address: string): void {
    const left = this.of(address) - 1;
    if (left > 0) this.#countByGroup.set(addressGroup(address), left);
    else this.#countByGroup.delete(addressGroup(address));
  }
}
