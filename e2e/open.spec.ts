// A link as its receiver meets it, on a phone or any other screen: the file and one button, in sight and pressed once.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type BrowserContextOptions, expect, type Page, test } from 'playwright/test';
import { copiesComplete, expected, storeIn, type TestFile } from './support/files.ts';
import { openedFile } from './support/page.ts';
import { Ring, type Tab } from './support/ring.ts';

/** A long name, which must not push the button away. */
const FILE: TestFile = {
  name: 'minutes of the general meeting of the society of friends of very long names, second draft.pdf',
  ...{ type: 'application/pdf', size: 700_000, seed: 61 },
};
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** Small, as the screens of such widths may be. */
const VIEWPORTS = [
  { width: 320, height: 568 },
  { width: 390, height: 664 },
  { width: 768, height: 1024 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

let ring: Ring;
let storing: Tab;
let link: string;
test.beforeAll(async ({ browser }) => {
  ring = await Ring.start(browser);
  await ring.grow(2);
  const [first] = ring.tabs;
  if (first === undefined) throw new Error('the ring is empty');
  storing = first;
  ({ link } = await storeIn(storing, FILE));
  await copiesComplete(storing, 2);
});
test.afterAll(async () => {
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
});

/** Opens an address with a browser of its own, and closes it after `use`. */
async function opened(
  options: BrowserContextOptions,
  address: string,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await storing.context.browser()?.newContext({ acceptDownloads: true, ...options });
  if (context === undefined) throw new Error('no browser');
  const page = await context.newPage();
  await page.goto(address);
  await use(page);
  await context.close();
}

test('on a phone one tap leads from the opened link to the saved file', async () => {
  await opened(PHONE, link, async (page) => {
    const download = page.waitForEvent('download');
    // The only one, as soon as it is there, wherever the tab has got by then.
    await openedFile({ page }).getByRole('button', { name: 'Save' }).tap();
    const bytes = await readFile(await (await download).path());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(expected(FILE).sha256);
    expect((await download).suggestedFilename()).toBe(FILE.name);
    await expect(openedFile({ page })).toContainText('Done: the browser saves it');
    await expect(openedFile({ page })).toContainText('Leave this tab open a while and you help others to get it.');
    await expect(page.locator('body')).not.toContainText(/\bblocks?\b/i);
  });
});

test('on a phone nobody is asked to drop a file', async () => {
  await opened(PHONE, `${ring.discovery.url}/`, async (page) => {
    await expect(page.locator('.drop-words')).toHaveText('Share filesChoose files');
  });
});

for (const viewport of VIEWPORTS) {
  test(`the button is in sight on a screen of ${viewport.width} by ${viewport.height}`, async () => {
    await opened({ viewport }, link, async (page) => {
      const button = openedFile({ page }).getByRole('button', { name: 'Save' });
      await expect(button).toBeInViewport({ ratio: 1 });
      await expect(openedFile({ page })).toContainText('every part verified');
      await expect(button).toBeInViewport({ ratio: 1 });
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(isWide).toBe(false);
    });
  });
}

test('with the keyboard alone it is opened and saved, and the focus stays at the button', async () => {
  await opened({}, ring.discovery.url, async (page) => {
    await page.locator('#fetch-input').focus();
    await page.keyboard.insertText(link);
    await page.keyboard.press('Enter');
    const button = openedFile({ page }).getByRole('button', { name: 'Save' });
    await expect(openedFile({ page })).toContainText('every part verified');
    await button.focus();
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    await download;
    await expect(openedFile({ page }).getByRole('button', { name: 'Save again' })).toBeFocused();
  });
});

test('a picture is shown before it is saved; what only says that it is one, or holds script, is not', async () => {
  const links = await storing.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(8, 6);
    canvas.getContext('2d')?.fillRect(0, 0, 4, 4);
    const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "run"</script></svg>';
    const files = [
      new File([await canvas.convertToBlob()], 'a.png', { type: 'image/png' }),
      new File(['no picture'], 'b.png', { type: 'image/png' }),
      new File([script], 'c.svg', { type: 'image/svg+xml' }),
    ];
    return Promise.all(files.map(async (file) => (await window.tabring?.store(file))?.link ?? ''));
  });
  for (const [index, address] of links.entries()) {
    await opened(PHONE, address, async (page) => {
      await expect(openedFile({ page })).toContainText('every part verified');
      const picture = openedFile({ page }).getByRole('img', { name: 'Preview' });
      await expect(picture).toHaveCount(index === 0 ? 1 : 0);
      if (index > 0) return;
      await expect.poll(() => picture.evaluate((image) => Reflect.get(image, 'naturalWidth'))).toBe(8);
      await expect(openedFile({ page }).getByRole('button', { name: 'Save' })).toBeInViewport({ ratio: 1 });
    });
  }
});

test('what is wrong with a link is told with the next step, in plain words', async () => {
  const unknown = `${ring.discovery.url}/#/f/${'ab'.repeat(32)}`;
  const cases: readonly (readonly [string, string, string, string])[] = [
    [link.slice(0, -3), 'The link is cut', '40 of 43 characters. Copy all of it', 'Open another'],
    [`${link.slice(0, -43)}${'A'.repeat(43)}`, 'The key in this link is wrong', 'Copy the whole', 'Open another'],
    [link.slice(0, -44), 'The key is missing from this link', 'opens by its whole link only', 'Open another'],
    [unknown, 'No open tab has this file', 'Ask who sent the link to open Tabring', 'Try again'],
  ];
  for (const [address, title, advice, button] of cases) {
    await opened(PHONE, address, async (page) => {
      const alert = openedFile({ page }).getByRole('alert');
      await expect(alert).toContainText(title);
      await expect(alert).toContainText(advice);
      await expect(openedFile({ page }).locator('.main')).toHaveText(button);
      await expect(openedFile({ page }).locator('.main')).toBeInViewport();
      await expect(openedFile({ page }).getByText('What exactly')).toHaveCount(0);
      await expect(page.locator('body')).not.toContainText(/\bblocks?\b/i);
    });
  }
});

test('what is no link at all is told so, and another can be pasted at once', async () => {
  await opened(PHONE, `${ring.discovery.url}/#/open`, async (page) => {
    await page.locator('#fetch-input').fill('http://example.com/');
    await page.keyboard.press('Enter');
    await expect(openedFile({ page }).getByRole('alert')).toContainText(
      'This is no link to a file. It leads to example',
    );
    await openedFile({ page }).getByRole('button', { name: 'Open another' }).tap();
    await expect(page.locator('#fetch-input')).toBeFocused();
    await expect(openedFile({ page })).toHaveCount(0);
    await page.keyboard.insertText(link);
    await page.keyboard.press('Enter');
    await expect(openedFile({ page })).toContainText('every part verified');
  });
});

test('who received a private file passes its whole link on, opens others beside it, and closes them', async () => {
  const { link: second } = await storeIn(storing, { ...FILE, name: 'second.txt', seed: 62 });
  await opened({ permissions: ['clipboard-read', 'clipboard-write'] }, link, async (page) => {
    await openedFile({ page }).getByRole('button', { name: 'Copy link' }).click();
    await expect(openedFile({ page })).toContainText('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    expect(page.url()).not.toContain(link.slice(-43));
    const rows = page.locator('#other-files > li');
    for (const spelled of [second, ` ${second}. `, second.replace('/#/f/', '/?x=1#/f/'), link]) {
      await page.locator('#fetch-input').fill(spelled);
      await page.keyboard.press('Enter');
      await expect(page.locator('#fetch-input')).toHaveValue('');
    }
    await expect(openedFile({ page }).getByRole('heading')).toHaveText(FILE.name);
    await expect(rows).toHaveText([/^second\.txt/]);
    await page.getByRole('button', { name: 'Close second.txt' }).click();
    await expect(rows).toHaveCount(0);
    await expect(openedFile({ page })).toContainText('you help others');
    await page.evaluate(() => window.tabring?.leave());
    await expect(openedFile({ page })).toContainText('every part verified');
    await expect(openedFile({ page })).not.toContainText('you help others');
    await openedFile({ page })
      .getByRole('button', { name: `Close ${FILE.name}` })
      .click();
    await expect(page.locator('#fetch-input')).toBeFocused();
  });
});

test('who is alone hears that nobody is here, and gets the file once somebody is', async ({ browser }) => {
  const alone = await Ring.start(browser);
  const tab = await alone.open(new URL(link).hash.replace(/^/, '/'));
  await expect(openedFile(tab).getByRole('alert')).toContainText('Nobody is here');
  const other = await alone.open();
  await alone.settled();
  const { link: there } = await storeIn(other, FILE);
  await tab.page.evaluate((address) => location.assign(address), there);
  await expect(openedFile(tab).getByRole('heading')).toHaveText(FILE.name);
  for (const { complaints } of alone.tabs) expect(complaints).toEqual([]);
  await alone.stop();
});
