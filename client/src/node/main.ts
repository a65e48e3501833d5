// The command line `tabring`: which commands there are, what they take, and how they end.
// Exit codes: 0 done, 1 failed, 2 wrong use.

import { setMaxListeners } from 'node:events';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ownRelease } from '../../../signaling/release.ts';
import { isRingName, RING_NAME_RULE } from '../../../signaling/ring-names.ts';
import { PeerError } from '../peer/errors.ts';
import type { Loudness } from '../prompt/happenings.ts';
import { cleanText } from '../text/clean-text.ts';
import { withoutLongWords } from '../text/long-words.ts';
import { parseBytes } from './bytes.ts';
import { type CommandContext, CommandError, type ExitCode, WrongUse } from './commands/context.ts';
import { parseDuration } from './durations.ts';
import { invitationIn, serverOfLink, serverOfRing } from './link-server.ts';
import { secretFrom } from './ring-secret.ts';
import { sayBug, sayOn, watchStreams } from './standard-streams.ts';
import { stopSignals } from './stop-signals.ts';

const WRONG_USE = 2;
const DEFAULT_SERVER = 'http://localhost:8080';
/** `tabring nodes` looks two keys up for each node: some seconds for so many. */
const DEFAULT_NODES_LIMIT = 1000;

const EXAMPLES = `
Examples:
  tabring serve                          the Discovery node, and the page, on port 8080
  tabring peer --dir ~/tabring           a node of the ring that keeps its blocks across restarts
  tabring store report.pdf photos/       stores a file, and a folder as one: each has one link
  tabring store --public report.pdf      found by its name too, by everybody
  tabring retrieve <link> -o copy.pdf
  tabring list <link>                    what is in a folder
  tabring retrieve <link> a/b.jpg        one file of a folder
  tabring retrieve report.pdf            a public file, by its name
  tabring remove report.pdf              deletes what was stored from here
  tabring pin                            keeps all that was stored from here for another week
  tabring status <link>                  how many copies it has, and whether it is safe
  tabring lookup 8d31                    the node that is responsible for a key, and the way to it
  tabring lookup report.pdf              the same for a name, and its public files
  tabring nodes                          all nodes of the ring
  tar c src | tabring store - --name src.tar
  tabring retrieve <id> -o - | tar x

Exit codes: 0 done, 1 failed, 2 wrong use.`;

const PEER_HELP = `
Reads commands from the terminal, or line by line from a pipe once it is in the ring: "help" lists them.
At a pipe's end it goes on running; "exit" ends it. With --json it prints its status only and takes no commands.`;

interface PeerFlags {
  readonly id?: string;
  readonly dir?: string;
  readonly quota?: number;
  readonly acceptRingKey?: true;
  readonly quiet?: true;
  readonly verbose?: true;
}

interface RetrieveFlags {
  readonly output?: string;
  readonly force?: true;
  readonly newest?: true;
}

interface StoreFlags {
  readonly name?: string;
  readonly public?: boolean;
  readonly quiet?: true;
  /** Milliseconds. */
  readonly keep?: number;
}

interface CommonOptions {
  /** May be an invitation to its ring. */
  readonly server: string;
  readonly ring?: string;
  readonly passwordFile?: string;
  /** The user has named the Discovery node, or the ring there. */
  readonly isServerSaid?: boolean;
  /** What the user should know before anything is done. */
  readonly note?: string;
  readonly json?: true;
}

/** An empty variable is as one that is not set; Commander takes it for a value. */
const OPTION_VARIABLES = ['TABRING_SERVER', 'TABRING_RING'];

/** Many transfers wait on one signal at once, the records of a name foremost; Node takes more than ten for a leak. */
const MAX_SIGNAL_LISTENERS = 256;

await main();

async function main(): Promise<void> {
  setMaxListeners(MAX_SIGNAL_LISTENERS);
  watchStreams(process.stdout, process.stderr, sayOn(process.stderr), (code) => process.exit(code));
  try {
    for (const name of OPTION_VARIABLES) if (process.env[name] === '') delete process.env[name];
    await commandLine().parseAsync();
  } catch (error) {
    // Commander has printed what is wrong, or the help that was asked for.
    if (!(error instanceof CommanderError)) throw error;
    end(error.exitCode === 0 ? 0 : WRONG_USE);
  }
}

function commandLine(): Command {
  const program = new Command('tabring')
    .description('Keeps files in a ring of browser tabs and of nodes like this one.')
    .version(ownRelease(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: (message, write) => write(wrongUseLine(message)) })
    .addHelpText('after', EXAMPLES);

  program
    .command('serve')
    .description('run the Discovery node, with the options of "npm start"')
    .argument('[options...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (_options: readonly string[], _named: object, command: Command) => {
      const { serve } = await import('./commands/serve.ts');
      await serve(command.args);
    });

  common(program.command('peer'))
    .description('run a node of the ring until it is stopped')
    .addOption(new Option('--id <hex>', 'id, or its first digits, to ask for').argParser(hexDigits))
    .addOption(
      new Option('--dir <path>', 'keep blocks and identity in this directory (default: in memory)').argParser(notEmpty),
    )
    .addOption(
      new Option('--quota <size>', 'room for blocks, such as 2GB (default: the disk’s; 1GB in memory)').argParser(size),
    )
    .option('--accept-ring-key', 'go on though the Discovery node has another key than when --dir was used first')
    .option('--quiet', 'print answers to commands only')
    .option('--verbose', 'print whole tables at each change, and links')
    .addHelpText('after', PEER_HELP)
    .action((options: CommonOptions & PeerFlags) =>
      run(options, async (context) => {
        const { peer } = await import('./commands/peer.ts');
        const { id, dir, quota: quotaBytes, acceptRingKey = false } = options;
        return peer(context, { id, dir, quotaBytes, acceptRingKey, loudness: loudnessOf(options) });
      }),
    );

  common(program.command('store'))
    .description('store files and folders in the ring')
    .argument('<path...>', 'files, folders, or - for standard input')
    .addOption(
      new Option('--name <name>', 'what standard input is called (default: standard-input)').argParser(notEmpty),
    )
    .option('-q, --quiet', 'print each link and nothing else: link=$(tabring store -q photo.jpg)')
    .option('--public', 'list them under their names, for everybody (usual in a classroom ring)')
    .option('--no-public', 'seal them: only who has the link can read them (usual but in a classroom ring)')
    .addOption(
      new Option('--keep <time>', 'for how long, such as 90m, 12h or 3d; then they are gone').argParser(duration),
    )
    .action((paths: readonly string[], options: CommonOptions & StoreFlags) =>
      run(options, async (context) => {
        const { store } = await import('./commands/store.ts');
        const { name, public: isPublic, quiet: isQuiet = false, keep: keptMs } = options;
        return store(context, paths, { name, isPublic, isQuiet, keptMs });
      }),
    );

  common(program.command('retrieve'))
    .description('fetch a file or a folder from the ring')
    .argument('<link, id or name>', 'a file’s link, its id of 64 hex characters, or the name of a public file')
    .argument('[path]', 'of a folder: fetch only the file or the folder at this path in it')
    .addOption(
      new Option(
        '-o, --output <path>',
        'file or folder to write to, or - for standard output (default: its own name)',
      ).argParser(notEmpty),
    )
    .option('-f, --force', 'replace a file of the same name, or files in a folder of the same name')
    .option('--newest', 'of several public files of the name, take the one stored last')
    .action((wanted: string, path: string | undefined, options: CommonOptions & RetrieveFlags, command: Command) =>
      run(askedOf(wanted, options, command), async (context) => {
        const { retrieve } = await import('./commands/retrieve.ts');
        const { output, force = false, newest = false } = options;
        return retrieve(context, wanted, { path, output, force, newest });
      }),
    );

  common(program.command('list'))
    .description('tell what is in a folder')
    .argument('<link, id or name>', 'as for retrieve')
    .option('--newest', 'of several public ones of the name, take the one stored last')
    .action((wanted: string, options: CommonOptions & RetrieveFlags, command: Command) =>
      run(askedOf(wanted, options, command), async (context) => {
        const { list } = await import('./commands/list.ts');
        return list(context, wanted, options.newest ?? false);
      }),
    );

  common(program.command('status'))
    .description('count the copies of a file, and say whether it is safe')
    .argument('<link, id or name>', 'as for retrieve; of several public files of a name the newest')
    .action((wanted: string, options: CommonOptions, command: Command) =>
      run(askedOf(wanted, options, command), async (context) => {
        const { status } = await import('./commands/status.ts');
        return status(context, wanted);
      }),
    );

  common(program.command('remove'))
    .description('delete a file that this user’s commands have stored, from all nodes that hold it')
    .argument('<link, id or name>', 'as "tabring store" printed it')
    .action((wanted: string, options: CommonOptions, command: Command) =>
      run(askedOf(wanted, options, command), async (context) => {
        const { remove } = await import('./commands/own-files.ts');
        return remove(context, wanted);
      }),
    );

  common(program.command('pin'))
    .description('keep files that this user’s commands have stored for another week, or what the ring has')
    .argument('[link, id or name...]', 'as for remove; none: all of them')
    .action((wanted: readonly string[], options: CommonOptions, command: Command) =>
      run(askedOf(wanted.length === 1 ? (wanted[0] ?? '') : '', options, command), async (context) => {
        const { pin } = await import('./commands/own-files.ts');
        return pin(context, wanted);
      }),
    );

  common(program.command('lookup'))
    .description('find the node that is responsible for a key, or for the name of a file')
    .argument('<key or name>', 'hex, a short one is padded with zeros; else the name of a public file')
    .action((keyOrName: string, options: CommonOptions, command: Command) =>
      run(askedOf(keyOrName, options, command), async (context) => {
        const { lookup } = await import('./commands/lookup.ts');
        return lookup(context, keyOrName);
      }),
    );

  common(program.command('nodes'))
    .description('find all nodes of the ring, by lookups')
    .addOption(new Option('--limit <n>', 'stop after so many').argParser(count).default(DEFAULT_NODES_LIMIT))
    .action((options: CommonOptions & { limit: number }) =>
      run(options, async (context) => {
        const { nodes } = await import('./commands/nodes.ts');
        return nodes(context, options.limit);
      }),
    );

  return program;
}

/** Commander's message, of two lines if it has a guess, as one line that says what to do. */
function wrongUseLine(message: string): string {
  const [what = '', guess] = message
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  const wrong = guess === undefined ? what : `${what} ${guess.replace(/^\(D/, '(d')}`;
  return `${cleanText(`tabring: ${withoutLongWords(wrong.replace(/\.$/, ''))}: see "tabring --help"`)}\n`;
}

/** What all commands that talk to a ring take. */
function common(command: Command): Command {
  return command
    .addOption(
      new Option('--server <url>', 'where the Discovery node listens')
        .env('TABRING_SERVER')
        .default(DEFAULT_SERVER)
        .argParser(serverUrl),
    )
    .addOption(new Option('--ring <name>', 'the ring, of several there').env('TABRING_RING').argParser(ringName))
    .addOption(
      new Option(
        '--password-file <path>',
        'the password of a closed ring, in its first line (else TABRING_PASSWORD, or asked for)',
      ).argParser(notEmpty),
    )
    .option('--json', 'print JSON, for programs');
}

/** A whole link is asked of the Discovery node and ring that it names, unless the user names another. */
function askedOf(wanted: string, options: CommonOptions, command: Command): CommonOptions {
  const named = serverOfLink(wanted);
  const server = addressOf(options);
  const { ring, ...others } = options;
  const isServerSaid = ring !== undefined || command.getOptionValueSource('server') !== 'default';
  if (named === undefined || named === server) return { ...options, isServerSaid };
  // Of the Discovery node that was said, the link's own ring, unless another one was said.
  const isOwnRing = ring === undefined && named.startsWith(`${server}/r/`);
  if (!isServerSaid || isOwnRing) return { ...others, server: named, isServerSaid: false };
  return { ...options, isServerSaid, note: `the link is of ${named}; asking ${server}, as you said` };
}

/** Where the Discovery node of the ring listens. */
function addressOf({ server, ring }: CommonOptions): string {
  const [address = ''] = server.split('#', 1);
  return ring === undefined ? address : serverOfRing(address, ring);
}

async function run(options: CommonOptions, command: (context: CommandContext) => Promise<ExitCode>): Promise<void> {
  const context: CommandContext = {
    server: addressOf(options),
    isServerSaid: options.isServerSaid === true,
    askSecret: secretFrom({
      file: options.passwordFile,
      variable: process.env.TABRING_PASSWORD,
      invitation: invitationIn(new URL(options.server)),
    }),
    json: options.json === true,
    print: sayOn(process.stdout),
    tell: sayOn(process.stderr),
    isWatched: process.stderr.isTTY === true && options.json !== true,
    signal: stopSignals(),
  };
  if (options.note !== undefined) context.tell(options.note);
  try {
    end(await command(context));
  } catch (error) {
    if (error instanceof CommandError || error instanceof PeerError)
      context.tell(`tabring: ${withoutLongWords(error.message)}`, 'bad');
    // A mistake in the program: whoever mends it needs all there is.
    else sayBug(context.tell, error);
    end(error instanceof WrongUse ? WRONG_USE : 1);
  }
}

/** Ends the process once all is printed: native threads of WebRTC would keep it alive. */
function end(code: number): void {
  process.stdout.write('', (error) => {
    // What could not be written is told by watchStreams, a moment later.
    if (!error) process.exit(code);
  });
}

function loudnessOf({ quiet, verbose }: PeerFlags): Loudness {
  if (quiet === true) return 'none';
  return verbose === true ? 'all' : 'changes';
}

function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Give a URL such as http://localhost:8080.');
  }
  const invitation = invitationIn(url) === undefined ? '' : url.hash;
  return `${url.origin}${url.pathname.replace(/\/(index\.html)?$/, '')}${invitation}`;
}

function ringName(text: string): string {
  if (!isRingName(text)) throw new InvalidArgumentError(`Give the name of a ring: ${RING_NAME_RULE}.`);
  return text;
}

/** A path or a name: an empty one is a variable that is not set, and would stand for the current folder. */
function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

function hexDigits(text: string): string {
  if (!/^[0-9a-f]{1,64}$/i.test(text)) throw new InvalidArgumentError('Give hex digits, up to 64.');
  return text.toLowerCase();
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Give a whole number above zero.');
  return Number(text);
}

function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError('Give a time such as 90m, 12h or 3d.');
  return milliseconds;
}

function size(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined) throw new InvalidArgumentError('Give an amount such as 500MB, 2GB or 1GiB.');
  return bytes;
}
