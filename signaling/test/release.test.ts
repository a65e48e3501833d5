// What the Discovery node says of its release and of the page that it serves.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownRelease, servedPage } from '../release.ts';
import { hello, startBench } from './support.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-release-'));
  await writeFile(join(folder, 'package.json'), '{"version":"1.2.3"}');
});
afterEach(() => rm(folder, { recursive: true }));

test('a release is the version, and in a checkout the commit', async () => {
  expect(ownRelease(folder)).toBe('1.2.3');
  await mkdir(join(folder, '.git', 'refs', 'heads'), { recursive: true });
  await writeFile(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  expect(ownRelease(folder)).toBe('1.2.3');
  await writeFile(join(folder, '.git', 'refs', 'heads', 'main'), `${COMMIT}\n`);
  expect(ownRelease(folder)).toBe('1.2.3+0123456789');
  await writeFile(join(folder, '.git', 'HEAD'), `${COMMIT}\n`);
  expect(ownRelease(folder)).toBe('1.2.3+0123456789');
  await writeFile(join(folder, '.git', 'HEAD'), 'ref: ../../elsewhere\n');
  expect(ownRelease(folder)).toBe('1.2.3');
});

test('the page is known by its script, and told with the release in the first word on each socket', async () => {
  expect(servedPage(undefined)).toBeUndefined();
  expect(servedPage(folder)).toBeUndefined();
  const script = '<script type="module" crossorigin src="./assets/index-Ab_1-2cD.js"></script>';
  await writeFile(join(folder, 'index.html'), `<!doctype html>${script}`);
  expect(servedPage(folder)).toBe('index-Ab_1-2cD.js');
  const bench = await startBench({ staticDir: folder });
  expect(await hello(await bench.connect())).toMatchObject({ page: 'index-Ab_1-2cD.js', release: ownRelease() });
  await bench.close();
  const bare = await startBench();
  expect(await hello(await bare.connect())).not.toHaveProperty('page');
  await bare.close();
});
