import { describe, expect, it } from 'vitest';
import { fileHash, linkElsewhere, parseAddress } from '../../src/web/text/address.ts';
import { linkLabel } from '../../src/web/text/link-label.ts';

const FILE_ID = 'ab'.repeat(32);

describe('parseAddress', () => {
  it('asks for nothing without a query or hash', () => {
    expect(parseAddress('http://localhost:8080/')).toEqual({
      place: 'share',
      wantedId: undefined,
      file: undefined,
      problem: undefined,
    });
  });

  it('reads the wanted id, in any case, and the file', () => {
    const address = parseAddress(`https://ring.example/?id=3F2A#/f/${FILE_ID}`);
    expect(address).toEqual({ place: 'open', wantedId: '3f2a', file: `#/f/${FILE_ID}`, problem: undefined });
  });

  it.each([
    ['', 'share'],
    ['#', 'share'],
    ['#/', 'share'],
    [`#/f/${FILE_ID}`, 'open'],
    ['#/f/garbage', 'open'],
    ['#/open', 'open'],
    ['#/ring', 'ring'],
    ['#/console', 'console'],
  ])('%s is a place', (hash, place) => {
    expect(parseAddress(`http://localhost/${hash}`)).toMatchObject({ place, problem: undefined });
  });

  it('begins a lesson in the Ring place, and goes wherever else the address says', () => {
    expect(parseAddress('http://localhost/?lesson&id=1804')).toMatchObject({ place: 'ring', wantedId: '1804' });
    expect(parseAddress('http://localhost/?lesson#/console').place).toBe('console');
  });

  it('keeps what follows the fileId, for the peer to judge', () => {
    expect(parseAddress(`https://ring.example/#/f/${FILE_ID}.secret`).file).toBe(`#/f/${FILE_ID}.secret`);
  });

  it('says what is wrong with an id that is no hex, or too long', () => {
    for (const id of ['xyz', 'a'.repeat(65)]) {
      const address = parseAddress(`http://localhost/?id=${id}`);
      expect(address.wantedId).toBeUndefined();
      expect(address.problem).toMatchObject({ kind: 'bad-id' });
    }
  });

  it.each(['#/f/', '#/g/1234', '#whatever'])('says that %s is no link to a file', (hash) => {
    const address = parseAddress(`http://localhost/${hash}`);
    expect(address.file).toBeUndefined();
    expect(address.problem).toEqual({ kind: 'bad-place' });
  });
});

describe('linkElsewhere', () => {
  const HASH = `#/f/${FILE_ID}`;
  const HERE = 'http://localhost/r/class-3b/#/ring';
  it.each([`http://localhost/${HASH}`, `http://localhost/r/other/${HASH}`, 'http://localhost/r/other/#/join/AAEC'])(
    '%s is of another ring',
    (link) => {
      expect(linkElsewhere(` ${link}\n`, HERE)).toBe(link);
    },
  );

  it.each([`http://localhost/r/class-3b/${HASH}`, `http://10.0.0.5/r/class-3b/${HASH}`, FILE_ID, HASH, 'report.pdf'])(
    '%s is opened here',
    (link) => {
      expect(linkElsewhere(link, HERE)).toBeUndefined();
    },
  );

  it('knows rings below a path, and the first one', () => {
    const link = `https://ring.example/tabring/r/other/${HASH}`;
    expect(linkElsewhere(link, 'https://ring.example/tabring/')).toBe(link);
    expect(linkElsewhere(`https://ring.example/tabring/index.html${HASH}`, 'https://ring.example/tabring/')).toBe(
      undefined,
    );
  });
});

describe('fileHash', () => {
  const KEY = `${'k'.repeat(42)}A`;
  it('is where the file of a link or id is opened, whatever stood round it', () => {
    for (const text of [FILE_ID, ` ${FILE_ID.toUpperCase()}\n`, `https://ring.example/x/#/f/${FILE_ID}).`])
      expect(fileHash(text)).toBe(`#/f/${FILE_ID}`);
    expect(fileHash(`see https://ring.example/%23/f/${FILE_ID}.${KEY}>`)).toBe(`#/f/${FILE_ID}.${KEY}`);
  });

  it('leaves what is damaged for the peer to judge, and of a novel the beginning', () => {
    expect(fileHash(`https://ring.example/#/f/${FILE_ID}.cut`)).toBe(`#/f/${FILE_ID}.cut`);
    expect(fileHash('ab '.repeat(11))).toBe(`#/f/${'ab'.repeat(11)}`);
    expect(fileHash('x'.repeat(100_000))).toHaveLength(204);
    // Shown again, it is the same.
    expect(fileHash(fileHash('x'.repeat(100_000)))).toHaveLength(204);
  });
});

describe('linkLabel', () => {
  it('names a file briefly, however it is given', () => {
    for (const text of [`http://localhost/#/f/${FILE_ID}`, `#/f/${FILE_ID}`, FILE_ID]) {
      expect(linkLabel(text)).toBe('file abab…');
    }
  });

  it('quotes what is neither a link nor an id, shortened', () => {
    expect(linkLabel(' nonsense ')).toBe('“nonsense”');
    expect(linkLabel('x'.repeat(100))).toBe(`“${'x'.repeat(24)}…”`);
  });
});
