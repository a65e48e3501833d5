// Which nodes are known to exist, and in which of their lives they are.

import { expect, test } from 'vitest';
import { KnownCertificates } from '../../src/links/known-certificates.ts';
import { MAX_KNOWN_CERTIFICATES } from '../../src/links/limits.ts';
import { anyCertificate } from '../trust/any-certificate.ts';
import { nodeId } from './pair.ts';

const a = nodeId('a');
const first = anyCertificate(a, { epoch: 5, issued: 100, expires: 200 });
const renewed = { ...first, issued: 150, expires: 250, signature: 'B'.repeat(86) };

test('a node is known while its certificate lasts', () => {
  const known = new KnownCertificates();
  expect(known.has(a, 100)).toBe(false);
  expect(known.take(first)).toBe('new');
  expect(known.has(a, 199)).toBe(true);
  expect(known.has(a, 200)).toBe(false);
});

test('a renewed certificate is news, an older one of the same life is not, and does not take its place', () => {
  const known = new KnownCertificates();
  known.take(first);
  expect(known.take(first)).toBe('known');
  expect(known.take(renewed)).toBe('new');
  expect(known.take(first)).toBe('known');
  expect(known.has(a, 240)).toBe(true);
});

test('of an earlier life than one that was seen, it is outdated', () => {
  const known = new KnownCertificates();
  known.take(first);
  expect(known.take({ ...renewed, epoch: 6 })).toBe('new');
  expect(known.take(renewed)).toBe('outdated');
});

test('are forgotten past a bound, those first that were not seen for longest', () => {
  const known = new KnownCertificates();
  known.take(first);
  const others = Array.from({ length: MAX_KNOWN_CERTIFICATES }, (_, i) =>
    anyCertificate(nodeId(i.toString(16).padStart(4, '0')), { expires: 200 }),
  );
  for (const other of others.slice(1)) known.take(other);
  known.take(first);
  known.take(others[0] ?? first);
  expect(known.has(a, 100)).toBe(true);
  expect(known.has(nodeId('0001'), 100)).toBe(false);
  expect(known.has(nodeId('0002'), 100)).toBe(true);
});
