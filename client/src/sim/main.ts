// npm run -s sim -- <command>: see command-line.ts.

import { runCommandLine } from './command-line.ts';

process.exitCode = runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
