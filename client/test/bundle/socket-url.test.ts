// The page's parser of addresses reads origins as the library's own does.

import { parse as engineParse } from 'engine.io-client';
import { expect, test } from 'vitest';
import { parse, url } from '../../bundle/lean/socket-url.ts';

const ORIGINS = [
  'http://localhost:8080',
  'https://ring.example',
  'http://192.0.2.7:80',
  'https://[2001:db8::7]:8443',
  'http://[::1]',
];

test.each(ORIGINS)('%s is read as by the library', (origin) => {
  const { source, protocol, host, port } = engineParse(origin);
  // The browser knows the usual port of http and leaves it out; so does Engine.IO, later.
  const usual = port === '80' ? '' : (port ?? '');
  expect(parse(origin)).toEqual({ source, protocol, host, port: usual });
  expect(url(origin)).toMatchObject({ source: origin, path: '/' });
});
