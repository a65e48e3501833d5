#!/usr/bin/env node
// The command `tabring` in a checkout: Node runs TypeScript after tsx has been registered.

import { fileURLToPath } from 'node:url';

try {
  const { register } = await import('tsx/esm/api');
  register();
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  const checkout = fileURLToPath(new URL('../../..', import.meta.url));
  console.error(`tabring: what it needs is not installed: run "npm install" in ${checkout}`);
  process.exit(1);
}
await import('./main.ts');
