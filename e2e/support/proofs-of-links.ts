// Both ends of links proved, between the pages of one or two real browsers: the tests of one such pair.

import { type Browser, test } from 'playwright/test';
import { PROOF_SCENARIOS } from '../../client/test/contracts/link-proofs.ts';
import { Authority } from '../../client/test/trust/authority.ts';
import { endOf, idOf, LinksHarness } from './links-page/harness.ts';

export interface PairOfBrowsers {
  readonly title: string;
  readonly reasonToSkip?: string | undefined;
  /** Another name of this machine, in browsers that are told so. */
  readonly host?: string;
  open(own: Browser): Promise<readonly [Browser, Browser]>;
}

export function testProofs({ title: pairTitle, reasonToSkip, host, open }: PairOfBrowsers): void {
  test.describe(pairTitle, () => {
    test.skip(reasonToSkip !== undefined, reasonToSkip);
    let harness: LinksHarness;
    let browsers: readonly [Browser, Browser];
    test.beforeAll(async ({ browser }) => {
      harness = await LinksHarness.start();
      browsers = await open(browser);
    });
    test.afterAll(async ({ browser }) => {
      for (const each of new Set(browsers)) if (each !== browser) await each.close();
      await harness.stop();
    });

    for (const { title, run } of PROOF_SCENARIOS.filter(({ isOfPlatform }) => isOfPlatform)) {
      test(`links: ${title}`, async () => {
        const [pageA, pageB] = await Promise.all([
          harness.open(browsers[0], 'a', host),
          harness.open(browsers[1], 'b', host),
        ]);
        const [authority, foreignAuthority] = [await Authority.fixed(), await Authority.create()];
        const ends = { a: endOf(pageA), b: endOf(pageB), idA: idOf('a'), idB: idOf('b'), idOfNobody: idOf('c') };
        await run({ ...ends, authority, foreignAuthority });
        await Promise.all([pageA.context().close(), pageB.context().close()]);
      });
    }
  });
}
