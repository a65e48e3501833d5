// The Discovery node as a command: options, where to find the page, signals, exit codes.
// Exit codes: 0 stopped, 1 cannot listen or has no key, 2 wrong options.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LineReader } from '../client/src/prompt/line-reader.ts';
import { ClockWatch } from './clock-watch.ts';
import { SharingError } from './directory.ts';
import type { EntryRules } from './entry.ts';
import { lanAddresses, qrLines } from './lan.ts';
import { createLog, type Log } from './logging.ts';
import { OptionError } from './option-values.ts';
import { type CommandLine, parseCommandLine, usage } from './options.ts';
import { watchProcess } from './process-metrics.ts';
import { startPrompt } from './prompt-terminal.ts';
import { openRing, type Ring } from './ring.ts';
import { RingKeyError } from './ring-key.ts';
import { type ListedRing, paramsOf, readRings, ringKeyPathOf, ringListPath } from './ring-list.ts';
import { MAIN_RING, ringPath } from './ring-names.ts';
import type { RingTerms } from './ring-service.ts';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from './server.ts';
import type { Draw } from './sponsors.ts';
import { loadTls, type Tls, TlsError } from './tls.ts';

/** How often to look whether npm is still there, milliseconds: the port is free again about so long after npm was stopped. */
const PARENT_CHECK_MS = 250;

const STATIC_DIR = fileURLToPath(new URL('../dist', import.meta.url));

interface Setting {
  /** What the user types before the options. */
  readonly program: string;
  /** Who is named as a sponsor; by default chance decides. */
  readonly draw?: Draw;
}

/** Parses `args` and listens; the process then goes on until it is stopped. Sets the process's exit code if it cannot. */
export async function serve(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  setting: Setting,
): Promise<void> {
  const { program } = setting;
  if (args[0] === 'ring') {
    const { ringCommand } = await import('./ring-commands.ts');
    process.exitCode = await ringCommand(args.slice(1), { program, environment, print: (line) => console.log(line) });
    return;
  }
  const parsed = parseCommandLine(args, environment);
  switch (parsed.type) {
    case 'help':
      console.log(usage(program));
      break;
    case 'error':
      console.error(`tabring: ${parsed.message}: see "${program} --help"`);
      process.exitCode = 2;
      break;
    case 'run':
      await run(parsed.options, setting);
      break;
  }
}

async function run(options: CommandLine, { program, draw }: Setting): Promise<void> {
  const lines = new LineReader();
  const log = createLog(options.log, lines.print);
  let node: DiscoveryNode;
  let tls: Tls | undefined;
  const opened: Ring[] = [];
  // Said after the address: programs and people look for that first.
  const news: string[] = [];
  let tell = (line: string): void => {
    news.push(line);
  };
  try {
    tls = options.tls === undefined ? undefined : await loadTls(options.tls);
    const open = async (path: string): Promise<Ring> => {
      const ring = await openRing(path, { seconds: () => Math.floor(Date.now() / 1000), tell: (line) => tell(line) });
      opened.push(ring);
      return ring;
    };
    const rings = await openRings(options, open);
    node = await startDiscoveryNode({ ...options, tls, staticDir: STATIC_DIR, log, draw, ...rings });
    watchProcess(node.registry);
  } catch (error) {
    await Promise.all(opened.map((ring) => ring.close()));
    console.error(`tabring: ${listenError(error, options, program)}`);
    process.exitCode = 1;
    return;
  }
  const stop = stopOnSignals(node);
  if (options.log === 'json') log('ready', { event: 'ready', url: node.url });
  else for (const line of greeting(node, options, tls)) console.log(line);
  tell = (line) => log(line, { event: 'ring' });
  for (const line of news) tell(line);
  if (isLikelyBehindProxy(options)) log(PROXY_LINE, { event: 'proxy' });
  watchClock(node, log);
  startPrompt(node, lines, stop);
}

function watchClock(node: DiscoveryNode, log: Log): void {
  const jumped = (byMs: number): void => {
    log(
      `this machine's clock was set, or it slept (${Math.round(byMs / 1000)} s): all tabs register again, for the new time`,
      {
        event: 'clock',
      },
    );
    node.clockSet();
  };
  new ClockWatch({ now: () => performance.now(), calendar: () => Date.now(), jumped });
}

/** The first ring, and those that are listed beside its key. */
async function openRings(
  { ringKeyPath }: CommandLine,
  open: (path: string) => Promise<Ring>,
): Promise<Pick<DiscoveryOptions, 'ring' | 'entry' | 'rings'>> {
  const listed = await readRings(ringListPath(ringKeyPath));
  const ring = await open(ringKeyPath);
  const rings: RingTerms[] = [];
  for (const each of listed) {
    const { name, entry } = each;
    if (name === MAIN_RING) continue;
    const own = await open(ringKeyPathOf(ringKeyPath, name));
    rings.push({ name, params: paramsOf(each), entry: rulesOf(entry), ring: own });
  }
  return { ring, rings, entry: rulesOf(listed.find(({ name }) => name === MAIN_RING)?.entry) };
}

function rulesOf(entry: ListedRing['entry']): EntryRules | undefined {
  return entry === undefined ? undefined : { terms: { salt: entry.salt, logN: entry.logN }, verifiers: entry.secrets };
}

/** Local ids are wanted, and whoever reaches this machine's own address from afar must come through something on it. */
function isLikelyBehindProxy({ chosenIds, visitors, host }: CommandLine): boolean {
  return chosenIds === 'local' && !visitors.trustProxy && host !== undefined && isLoopbackHost(host);
}

const PROXY_LINE =
  'It listens on this machine alone: if a proxy stands in front, say --trust-proxy, else it cannot tell who is near and may choose an id.';

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Where it can be reached, and how it is stopped. */
function greeting(node: DiscoveryNode, { host, tls: choice }: CommandLine, tls: Tls | undefined): readonly string[] {
  const scheme = tls === undefined ? 'http' : 'https';
  const urls = host === undefined ? lanAddresses().map((address) => `${scheme}://${address}:${node.port}`) : [];
  const lines = [`Tabring is ready: ${node.url}`, ...urls.map((url) => `  from other machines: ${url}`)];
  if (choice?.type === 'self-signed') {
    lines.push('  browsers warn of its certificate, which nobody has signed; its fingerprint (SHA-256):');
    lines.push(`  ${tls?.fingerprint}`);
    // Who reads this on a screen in a room of people wants to show it to them.
    const [url] = urls;
    if (url !== undefined) lines.push('', ...qrLines(url), '');
  }
  for (const { name } of node.rings) lines.push(`  ring ${name}: ${node.url}${ringPath(name)}/`);
  const isBuilt = existsSync(`${STATIC_DIR}/index.html`);
  if (!isBuilt) lines.push('The page is not built yet: run "npm run build". Without it only "tabring peer" can join.');
  return [...lines, `${isBuilt ? 'Open it in several tabs. ' : ''}Ctrl+C stops it, "help" lists commands.`];
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

function listenError(error: unknown, { port, host }: CommandLine, program: string): string {
  if (error instanceof TlsError) return `cannot serve https: ${error.message}`;
  if (error instanceof RingKeyError || error instanceof OptionError || error instanceof SharingError)
    return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is taken by another program: choose another, "${program} --port ${port < 65_535 ? port + 1 : 8080}"`;
    case 'EACCES':
      return `this user may not listen on port ${port}: choose one above 1023, "${program} --port 8080"`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `this machine has no address "${host}" to listen on: leave --host away to listen on all`;
    default:
      return `cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
