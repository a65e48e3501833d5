// Strangers that ask a Discovery node for ids which others have, from the moment at which it can be reached.

import { io, type Socket } from 'socket.io-client';
import type { Refusal, Registration } from '../../../signaling/protocol.ts';
import { type Tab, tryRegister } from '../../../signaling/test/support.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';

export class IdThieves {
  readonly #sockets: Socket[];
  readonly #answers: Promise<readonly (Registration | Refusal | undefined)[]>;

  /** One for each id. The Discovery node may be away yet. */
  constructor(server: string, ids: readonly NodeId[]) {
    const tabs = ids.map((): Tab => {
      const delays = { reconnectionDelay: 5, reconnectionDelayMax: 20, randomizationFactor: 0 };
      return io(server, { transports: ['websocket'], forceNew: true, ...delays });
    });
    this.#sockets = tabs;
    this.#answers = Promise.all(
      tabs.map(async (tab, index) => {
        const wantedId = ids[index] ?? '';
        await new Promise<void>((resolve) => tab.once('connect', resolve));
        // Whoever is cut off before its answer comes gets no id.
        return tryRegister(tab, { wantedId }).catch(() => undefined);
      }),
    );
  }

  /** The ids that they were given. */
  async taken(): Promise<readonly string[]> {
    const answers = await this.#answers;
    return answers.flatMap((answer) => (answer !== undefined && 'nodeId' in answer ? [answer.nodeId] : []));
  }

  stop(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
}
