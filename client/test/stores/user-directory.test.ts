// Where the keys of a user's files are: never in whatever folder a command happens to run.

import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { userDirectory } from '../../src/stores/fs-owned-files.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('an empty variable is as one that is not set', () => {
  expect(userDirectory({ TABRING_HOME: '/keys' })).toBe('/keys');
  vi.stubEnv('HOME', '/home/somebody');
  if (process.platform !== 'win32') expect(userDirectory({ TABRING_HOME: '' })).toBe('/home/somebody/.tabring');
  vi.stubEnv('HOME', '');
  expect(userDirectory({})).toBe(join(userInfo().homedir, '.tabring'));
});

test('a user without a home directory is told what to set', () => {
  const told = 'this user has no home directory: set TABRING_HOME';
  expect(() => userDirectory({}, () => '')).toThrow(told);
  const unknown = (): string => {
    throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT');
  };
  expect(() => userDirectory({}, unknown)).toThrow(told);
});
