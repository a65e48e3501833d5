// The Discovery node as a command: options, where to find the page, signals, exit codes.
// Exit codes: 0 stopped, 1 cannot listen, 2 wrong options.

import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { LineReader } from '../client/src/prompt/line-reader.ts';
import { type CommandLine, parseCommandLine, USAGE } from './options.ts';
import { startPrompt } from './prompt-terminal.ts';
import { type DiscoveryNode, startDiscoveryNode } from './server.ts';

/** How often to look whether npm is still there, milliseconds: the port is free again about so long after npm was stopped. */
const PARENT_CHECK_MS = 250;

const STATIC_DIR = fileURLToPath(new URL('../dist', import.meta.url));

/** Parses `args` and listens; the process then goes on until it is stopped. Sets the process's exit code if it cannot. */
export async function serve(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const parsed = parseCommandLine(args, environment);
  switch (parsed.type) {
    case 'help':
      console.log(USAGE);
      break;
    case 'error':
      console.error(`${parsed.message}. See "npm start -- --help".`);
      process.exitCode = 2;
      break;
    case 'run':
      await run(parsed.options);
      break;
  }
}

async function run(options: CommandLine): Promise<void> {
  const lines = new LineReader();
  let node: DiscoveryNode;
  try {
    node = await startDiscoveryNode({ ...options, staticDir: STATIC_DIR, log: lines.print });
  } catch (error) {
    console.error(listenError(error, options));
    process.exitCode = 1;
    return;
  }
  console.log(`Tabring is ready: ${node.url}`);
  if (options.host === undefined) {
    for (const address of lanAddresses()) console.log(`  from other machines: http://${address}:${node.port}`);
  }
  console.log('Open it in several tabs. Ctrl+C stops it, "help" lists commands.');
  startPrompt(node, lines, stopOnSignals(node));
}

/** Returns what stops it in good order; called a second time, at once. */
function stopOnSignals(node: DiscoveryNode): () => Promise<void> {
  let isStopping = false;
  const stop = async (): Promise<void> => {
    // Impatience is a wish too.
    if (isStopping) process.exit(1);
    isStopping = true;
    await node.close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // npm hands a signal on to its shell, which dies of it without handing it on: the port would stay taken.
  if (process.env.npm_lifecycle_event === undefined) return stop;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !isStopping) stop();
  }, PARENT_CHECK_MS).unref();
  return stop;
}

function listenError(error: unknown, { port, host }: CommandLine): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. Choose another: npm start -- --port ${port < 65_535 ? port + 1 : 8080}`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Choose one above 1023: npm start -- --port 8080`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `This machine has no address "${host}" to listen on. Leave --host away to listen on all.`;
    default:
      return `Cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Addresses at which other machines of the network may reach this one. */
function lanAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address);
}
