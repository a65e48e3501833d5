// Runs the Discovery node from the command line.

import { serve } from './serve.ts';

await serve(process.argv.slice(2), process.env, { program: 'npm start --' });
