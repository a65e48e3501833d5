// Signals as they travel: what is no envelope is told from one, and its parts come out as they went in.

import { expect, test } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../src/links/envelope.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import { anyCertificate } from '../trust/any-certificate.ts';
import { nodeId } from './pair.ts';

const envelope = {
  to: nodeId('a'),
  certificate: encodeCertificate(anyCertificate(nodeId('b'))),
  signature: 'A'.repeat(86),
  body: '{"type":"call","text":"two words,\\r\\nlines\nand more"}',
};

test('what goes in comes out, the body as it is', () => {
  expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope);
  expect(decodeEnvelope(encodeEnvelope({ ...envelope, body: '' }))).toEqual({ ...envelope, body: '' });
});

test.each([
  ['nothing', ''],
  ['a body alone, as it was sent before there were signatures', envelope.body],
  ['no body', encodeEnvelope(envelope).replace(/ \{.*/s, '')],
  ['a target that is no id', encodeEnvelope({ ...envelope, to: 'x' })],
  ['a signature that is too short', encodeEnvelope({ ...envelope, signature: 'A'.repeat(85) })],
  ['a certificate that is too long', encodeEnvelope({ ...envelope, certificate: 'x'.repeat(401) })],
  ['two spaces', encodeEnvelope(envelope).replace(' ', '  ')],
  ['one that is too long', encodeEnvelope({ ...envelope, body: ' '.repeat(32_768) })],
])('%s is none', (_, text) => {
  expect(decodeEnvelope(text)).toBeUndefined();
});
