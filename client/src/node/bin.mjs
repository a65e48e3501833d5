#!/usr/bin/env node
// The command `tabring` in a checkout: Node runs TypeScript after tsx has been registered.

import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
