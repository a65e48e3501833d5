// Addresses in all their spellings: one visitor each, and near or far.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressGroup, canonicalAddress, isLocalAddress } from '../networks.ts';

function group(text: string): string | undefined {
  const canonical = canonicalAddress(text);
  return canonical === undefined ? undefined : addressGroup(canonical);
}

function isLocal(text: string): boolean {
  return isLocalAddress(canonicalAddress(text) ?? 'unknown');
}

describe('an address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    [' 192.0.2.7 ', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['64:ff9b::192.0.2.7', '192.0.2.7'],
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['[2001:DB8::7]:4711', '2001:db8::7'],
    ['2001:0db8:0000:0000:0000:0000:0000:0007', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::', '::'],
    ['1::', '1::'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  test.each([
    '',
    'unknown',
    '_hidden',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.7:',
    '192.0.2.7:123456',
    '1:2:3:4:5:6:7',
    '::1::',
    '[::1',
    '[192.0.2.7]x',
    ':::',
    '\u001b[31m::1',
    `::1%${'x'.repeat(10_000)}`,
  ])('%j is none', (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
  });

  test('of whatever text never throws, and its canonical form stays as it is', () => {
    const texts = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended());
    fc.assert(
      fc.property(texts, (text) => {
        const canonical = canonicalAddress(text);
        if (canonical !== undefined) expect(canonicalAddress(canonical)).toBe(canonical);
      }),
    );
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(canonicalAddress(`::ffff:${text}`)).toBe(text);
      }),
    );
  });
});

describe('one visitor', () => {
  test('is an IPv4 address', () => {
    expect(group('192.0.2.7')).toBe('192.0.2.7');
    expect(group('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(group('192.0.2.8')).not.toBe(group('192.0.2.7'));
  });

  test('is a /64 of IPv6', () => {
    expect(group('2001:db8:1:2::7')).toBe('2001:db8:1:2::/64');
    expect(group('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe('2001:db8:1:2::/64');
    expect(group('2001:db8:1:3::7')).not.toBe(group('2001:db8:1:2::7'));
  });
});

describe('near are', () => {
  test.each([
    '127.0.0.1',
    '127.255.0.9',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.178.20',
    '169.254.1.1',
    '::1',
    '::ffff:10.0.0.1',
    'fc00::1',
    'fdab::1',
    'fe80::1%eth0',
    'febf::1',
  ])('%s', (text) => expect(isLocal(text)).toBe(true));
});

describe('far are', () => {
  test.each([
    'unknown',
    '0.0.0.0',
    '9.255.255.255',
    '11.0.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '169.253.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '8.8.8.8',
    '::',
    '::2',
    '::ffff:8.8.8.8',
    'fb00::1',
    'fe00::1',
    'fec0::1',
    '2001:db8::1',
  ])('%s', (text) => expect(isLocal(text)).toBe(false));
});
