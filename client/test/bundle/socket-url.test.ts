// The page's parser of addresses reads origins as the library's own does.

import { expect, test } from 'vitest';
import { parse, url } from '../../bundle/lean/socket-url.ts';

/** Of each what the library's parsers say (engine.io-client 6.6), but for a usual port, which it adds or leaves out later. */
const ORIGINS = [
  { origin: 'http://localhost:8080', protocol: 'http', host: 'localhost', port: '8080' },
  { origin: 'https://ring.example', protocol: 'https', host: 'ring.example', port: '' },
  { origin: 'http://192.0.2.7:80', protocol: 'http', host: '192.0.2.7', port: '' },
  { origin: 'https://[2001:db8::7]:8443', protocol: 'https', host: '2001:db8::7', port: '8443' },
  { origin: 'http://[::1]', protocol: 'http', host: '::1', port: '' },
];

test.each(ORIGINS)('$origin', ({ origin, ...parts }) => {
  expect(parse(origin)).toEqual({ source: origin, ...parts });
  expect(url(origin)).toMatchObject({ source: origin, path: '/' });
});
