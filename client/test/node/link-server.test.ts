import { expect, test } from 'vitest';
import { serverOfLink, serverOfRing } from '../../src/node/link-server.ts';

const FRAGMENT = `#/f/${'ab'.repeat(32)}.${'k'.repeat(43)}`;

test.each([
  [`http://localhost:8080/${FRAGMENT}`, 'http://localhost:8080'],
  [`https://ring.example/${FRAGMENT}`, 'https://ring.example'],
  [`https://ring.example/tabring/${FRAGMENT}`, 'https://ring.example/tabring'],
  [`https://ring.example/tabring/index.html${FRAGMENT}`, 'https://ring.example/tabring'],
  [` <https://ring.example/${FRAGMENT}>`, 'https://ring.example'],
  [`https://ring.example/${FRAGMENT.replace('#', '%23')}`, 'https://ring.example'],
  [encodeURIComponent(`http://localhost:8080/r/blue/${FRAGMENT}`), 'http://localhost:8080/r/blue'],
  [`https://ring.example/${FRAGMENT.replace('f', 'F')}`, 'https://ring.example'],
  [`link https://ring.example/${FRAGMENT}`, 'https://ring.example'],
  [`https%3A%2F%2Fring.example%ZZ%2F${encodeURIComponent(FRAGMENT)}`, undefined],
  [FRAGMENT, undefined],
  ['ab'.repeat(32), undefined],
  ['report.pdf', undefined],
  ['https://ring.example/', undefined],
  ['https://ring.example/#/f/123', undefined],
  [`ftp://ring.example/${FRAGMENT}`, undefined],
])('of %s it is %s', (text, expected) => {
  expect(serverOfLink(text)).toBe(expected);
});

test.each([
  ['http://localhost:8080', 'class-3b', 'http://localhost:8080/r/class-3b'],
  ['https://ring.example/tabring/r/other', 'class-3b', 'https://ring.example/tabring/r/class-3b'],
  ['https://ring.example/tabring/r/other', 'main', 'https://ring.example/tabring'],
])('at %s the ring %s is at %s', (server, ring, expected) => {
  expect(serverOfRing(server, ring)).toBe(expected);
});
