// What the page worker answers, and what it leaves to the server.

import { expect, test } from 'vitest';
import { type Asked, whatIsAsked } from '../../src/page-worker/asked.ts';
import { isOfBuild } from '../../src/page-worker/shell.ts';

const PARTS = new Set(['assets/index-1a2b.js']);

type Mode = 'navigate' | 'cors' | 'no-cors';

function asked(method: string, mode: Mode, path: string, scope = 'https://ring.example/'): Asked | undefined {
  return whatIsAsked({ method, mode, url: `https://ring.example${path}` }, scope, PARTS);
}

test.each<[string, Mode, string, Asked]>([
  ['GET', 'navigate', '/', 'page'],
  ['GET', 'navigate', '/?id=3f#/ring', 'page'],
  ['GET', 'navigate', '/index.html', 'page'],
  ['GET', 'cors', '/assets/index-1a2b.js', 'part'],
  ['POST', 'navigate', '/share-target', 'share'],
])('%s by %s of %s is its own', (method, mode, path, what) => {
  expect(asked(method, mode, path)).toBe(what);
});

test.each<[string, Mode, string]>([
  ['GET', 'cors', '/'],
  ['HEAD', 'navigate', '/'],
  ['POST', 'navigate', '/'],
  ['POST', 'cors', '/share-target'],
  ['GET', 'navigate', '/share-target'],
  ['GET', 'navigate', '/assets/index-1a2b.js'],
  ['GET', 'cors', '/assets/index-of-another-build.js'],
  ['GET', 'cors', '/socket.io/?EIO=4&transport=polling'],
  ['POST', 'cors', '/socket.io/?EIO=4&transport=polling'],
  ['GET', 'navigate', '/healthz'],
  ['GET', 'navigate', '/readyz'],
  ['GET', 'navigate', '/metrics'],
  ['GET', 'navigate', '/save/0123456789abcdef0123456789abcdef/a.bin'],
  ['GET', 'cors', '/manifest.webmanifest'],
  ['GET', 'cors', '/page-worker.js'],
  ['GET', 'navigate', '/r/class-3b/'],
  ['GET', 'cors', '/r/class-3b/assets/index-1a2b.js'],
  ['POST', 'navigate', '/r/class-3b/share-target'],
])('%s by %s of %s is not', (method, mode, path) => {
  expect(asked(method, mode, path)).toBeUndefined();
});

test('below a path its own is below that path', () => {
  const scope = 'https://ring.example/tabring/r/class-3b/';
  expect(asked('GET', 'navigate', '/tabring/r/class-3b/?x', scope)).toBe('page');
  expect(asked('GET', 'cors', '/tabring/r/class-3b/assets/index-1a2b.js', scope)).toBe('part');
  expect(asked('GET', 'navigate', '/tabring/r/class-3b', scope)).toBeUndefined();
  expect(asked('GET', 'navigate', '/', scope)).toBeUndefined();
});

test('a page is of a build if all that it names is in it', () => {
  const parts = ['assets/index-1.js', 'assets/index-1.css', 'assets/later-1.js'];
  const html = '<link href="./assets/index-1.css"><script type="module" src="./assets/index-1.js"></script>';
  expect(isOfBuild(html, { parts })).toBe(true);
  expect(isOfBuild(html.replace('index-1.js', 'index-2.js'), { parts })).toBe(false);
  expect(isOfBuild('<p>Log in to this network</p>', { parts })).toBe(false);
});
