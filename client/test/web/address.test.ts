import { describe, expect, it } from 'vitest';
import { fileLink, linkLabel, parseAddress } from '../../src/web/text/address.ts';

const FILE_ID = 'ab'.repeat(32);

describe('parseAddress', () => {
  it('asks for nothing without a query or hash', () => {
    expect(parseAddress('http://localhost:8080/')).toEqual({
      wantedId: undefined,
      file: undefined,
      problem: undefined,
    });
  });

  it('reads the wanted id, in any case, and the file', () => {
    const address = parseAddress(`https://ring.example/?id=3F2A#/f/${FILE_ID}`);
    expect(address).toEqual({ wantedId: '3f2a', file: FILE_ID, problem: undefined });
  });

  it('keeps what follows the fileId, for the peer to judge', () => {
    expect(parseAddress(`https://ring.example/#/f/${FILE_ID}.secret`).file).toBe(`${FILE_ID}.secret`);
  });

  it('says what is wrong with an id that is no hex, or too long', () => {
    for (const id of ['xyz', 'a'.repeat(65)]) {
      const address = parseAddress(`http://localhost/?id=${id}`);
      expect(address.wantedId).toBeUndefined();
      expect(address.problem).toContain('0-9 and a-f');
    }
  });

  it.each(['#/f/', '#/g/1234', '#whatever'])('says that %s is no link to a file', (hash) => {
    const address = parseAddress(`http://localhost/${hash}`);
    expect(address.file).toBeUndefined();
    expect(address.problem).toContain('not a link to a file');
  });
});

describe('links', () => {
  it('carry the file and not the wanted id', () => {
    expect(fileLink('http://localhost:8080/?id=3f#/f/00', FILE_ID)).toBe(`http://localhost:8080/#/f/${FILE_ID}`);
    expect(parseAddress(fileLink('http://localhost:8080/', FILE_ID)).file).toBe(FILE_ID);
  });

  it('have a short name', () => {
    expect(linkLabel(fileLink('http://localhost/', FILE_ID))).toBe('file abab…');
    expect(linkLabel(FILE_ID)).toBe('file abab…');
    expect(linkLabel(' nonsense ')).toBe('“nonsense”');
    expect(linkLabel('x'.repeat(100))).toBe(`“${'x'.repeat(24)}…”`);
  });
});
