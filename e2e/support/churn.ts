// Links of one page opened and closed again and again (links-page/), and what the page says of its connections.

import type { Page } from 'playwright/test';
import type { NodeId } from '../../client/src/core/pastry/id.ts';
import type {} from './links-page/main.ts';

export interface Churn {
  readonly opened: number;
  /** Attempts that were put off because connections were not freed yet. */
  readonly putOff: number;
  /** Other failures, as the link layer told of them. */
  readonly failures: readonly string[];
  readonly mostNotFreed: number;
}

/** What the pages throw from now on. */
export function complaintsOf(pages: readonly Page[]): readonly string[] {
  const errors: string[] = [];
  for (const page of pages) page.on('pageerror', ({ message }) => errors.push(message));
  return errors;
}

/** Opens a link to `peer` and closes it, `rounds` times, trying again what was put off. */
export async function churn(page: Page, peer: NodeId, rounds: number): Promise<Churn> {
  return page.evaluate(
    async ({ peer, rounds }) => {
      const { linksPage } = window;
      if (linksPage === undefined) throw new Error('not registered');
      const { probe } = linksPage;
      const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
      const told = async (): Promise<string[]> => (await probe.log()).filter((line) => line.includes(` ${peer}`));
      let mostNotFreed = 0;
      let putOff = 0;
      const failures: string[] = [];
      let opened = 0;
      while (opened < rounds && failures.length === 0) {
        const before = (await told()).length;
        await probe.connect(peer);
        while ((await told()).length === before) await pause(2);
        mostNotFreed = Math.max(mostNotFreed, linksPage.counters().connectionsNotFreed ?? 0);
        const news = (await told())[before] ?? '';
        if (news.startsWith('up ')) {
          opened += 1;
          await probe.close(peer, 'budget');
        } else if (news.endsWith(' budget')) {
          putOff += 1;
          await pause(500);
        } else failures.push(news);
      }
      return { opened, putOff, failures, mostNotFreed };
    },
    { peer, rounds },
  );
}
