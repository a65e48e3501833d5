// `npm start -- ring …`: makes rings beside the first one, and says who may enter. A Discovery node reads the list when it starts.
// Exit codes: 0 done, 1 failed, 2 wrong use.

import { randomBytes } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { DEFAULT_RING_PARAMS, type RingParams } from '../client/src/core/pastry/params.ts';
import { readSecret } from '../client/src/prompt/secret-input.ts';
import { type EntryTerms, entryKeysOf, newTerms, verifierOf } from '../client/src/trust/ring-entry.ts';
import { identityConfig } from './identity-options.ts';
import { OptionError } from './option-values.ts';
import { type ListedRing, type RingSecret, readRings, ringListPath, writeRings } from './ring-list.ts';
import { isRingName, MAIN_RING, RING_NAME_RULE, ringPath } from './ring-names.ts';
import { PARAM_FLAGS, ringParams } from './ring-options.ts';

/** A machine guesses shorter ones. */
const MIN_PASSWORD_CHARACTERS = 8;
/** 128 bits of chance need no slow hash; they get the same as passwords. */
const INVITATION_BYTES = 16;
const SECRET_ID_BYTES = 4;
const RESTART = 'It takes effect when the Discovery node is started again.';
const WRONG_USE = 2;

interface Surroundings {
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
}

/** Runs one command; the exit code. */
export async function ringCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    await commands(surroundings).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    if (!(error instanceof OptionError)) throw error;
    console.error(`tabring: ${error.message}`);
    return 1;
  }
}

function commands({ program, environment, print }: Surroundings): Command {
  const all = new Command(`${program} ring`)
    .description(`Rings beside the first one, each below /r/<name>; the first is called ${MAIN_RING} here.`)
    .option('--ring-key <file>', 'the key of the first ring, as the Discovery node is given it (RING_KEY)')
    .exitOverride();
  /** Of the list; the option is known once the command runs. */
  const listPath = (): string => {
    const { ringKey } = all.opts<{ ringKey?: string }>();
    return ringListPath(identityConfig({ 'ring-key': ringKey }, environment).ringKeyPath);
  };

  const add = all
    .command('add')
    .argument('<name>', RING_NAME_RULE)
    .description('make a ring, which everybody may enter until it has a password or an invitation');
  for (const [flags, help] of PARAM_FLAGS) add.option(flags, help);
  add.action(async (name: string, values: Record<string, string | true>) => {
    const rings = await readRings(listPath());
    if (!isRingName(name) || name === MAIN_RING)
      throw new OptionError(`"${name}" is no name for a ring: give ${RING_NAME_RULE}`);
    if (rings.some((ring) => ring.name === name)) throw new OptionError(`there is a ring ${name} already`);
    await writeRings(listPath(), [...rings, { name, params: chosen(values) }]);
    print(`the ring ${name} will be at ${ringPath(name)}/. ${RESTART}`);
  });

  all
    .command('list')
    .description('print the rings and how each is entered')
    .action(async () => {
      for (const line of listLines(await readRings(listPath()))) print(line);
    });

  all
    .command('password')
    .argument('<name>')
    .description('close a ring with a password, typed or from a pipe, in the place of an earlier one')
    .action(async (name: string) => {
      const password = await readSecret(`password of ${name}: `);
      if (password === undefined) throw new OptionError('no password was given: nothing is changed');
      if (password.length < MIN_PASSWORD_CHARACTERS)
        throw new OptionError(
          `a password needs ${MIN_PASSWORD_CHARACTERS} characters at least: a machine guesses shorter ones`,
        );
      await change(listPath(), name, async (ring) => {
        const entry = await withSecret(ring.entry, password, 'password');
        const others = entry.secrets.slice(0, -1).filter(({ kind }) => kind !== 'password');
        return { ...ring, entry: { ...entry, secrets: [...others, ...entry.secrets.slice(-1)] } };
      });
      print(`only who knows the password, or has an invitation, may enter ${name}. ${RESTART}`);
    });

  all
    .command('invite')
    .argument('<name>')
    .option('--url <url>', 'where the Discovery node is for those who are invited', 'http://localhost:8080')
    .description('close a ring, and print a link that opens it')
    .action(async (name: string, { url }: { url: string }) => {
      const secret = randomBytes(INVITATION_BYTES).toString('base64url');
      let id = '';
      await change(listPath(), name, async (ring) => {
        const entry = await withSecret(ring.entry, secret, 'invitation');
        id = entry.secrets.at(-1)?.id ?? '';
        return { ...ring, entry };
      });
      const home = `${url.replace(/\/$/, '')}${name === MAIN_RING ? '' : ringPath(name)}`;
      print(`${home}/#/join/${secret}`);
      print(`invitation ${id}: "${program} ring revoke ${name} ${id}" takes it back. ${RESTART}`);
    });

  all
    .command('revoke')
    .argument('<name>')
    .argument('<invitation>', 'as "list" prints it')
    .description('take an invitation back: who used it is shut out at the next start')
    .action(async (name: string, id: string) => {
      await change(listPath(), name, async (ring) => {
        const secrets = ring.entry?.secrets.filter((secret) => secret.id !== id) ?? [];
        if (ring.entry === undefined || secrets.length === ring.entry.secrets.length)
          throw new OptionError(`the ring ${name} has no invitation ${id}: see "${program} ring list"`);
        return { ...ring, entry: { ...ring.entry, secrets } };
      });
      print(`taken back. ${RESTART}`);
    });

  all
    .command('open')
    .argument('<name>')
    .description('let everybody enter again')
    .action(async (name: string) => {
      await change(listPath(), name, async ({ entry: _, ...ring }) => ring);
      print(`everybody may enter ${name}. ${RESTART}`);
    });

  all
    .command('remove')
    .argument('<name>')
    .description('serve a ring no longer; its key stays in its file')
    .action(async (name: string) => {
      const rings = await readRings(listPath());
      if (!rings.some((ring) => ring.name === name)) throw new OptionError(unknown(name));
      await writeRings(
        listPath(),
        rings.filter((ring) => ring.name !== name),
      );
      print(`removed. ${RESTART}`);
    });
  return all;
}

/** The first ring is listed only once there is something to say of it. */
async function change(path: string, name: string, changed: (ring: ListedRing) => Promise<ListedRing>): Promise<void> {
  const rings = await readRings(path);
  const ring = rings.find((each) => each.name === name) ?? (name === MAIN_RING ? { name } : undefined);
  if (ring === undefined) throw new OptionError(unknown(name));
  const others = rings.filter((each) => each.name !== name);
  await writeRings(path, [...others, await changed(ring)]);
}

function unknown(name: string): string {
  return `there is no ring ${name}: add it first, "ring add ${name}"`;
}

/** The new one comes last. */
async function withSecret(
  entry: ListedRing['entry'],
  secret: string,
  kind: RingSecret['kind'],
): Promise<NonNullable<ListedRing['entry']>> {
  const terms: EntryTerms = entry ?? newTerms();
  const verifier = verifierOf(await entryKeysOf(secret, terms));
  const id = randomBytes(SECRET_ID_BYTES).toString('hex');
  const { salt, logN } = terms;
  return { salt, logN, secrets: [...(entry?.secrets ?? []), { kind, id, ...verifier }] };
}

/** Only what was said: what is not said follows the defaults of later versions too. */
function chosen(values: Readonly<Record<string, string | true>>): Partial<RingParams> {
  const dashed = Object.entries(values).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    value,
  ]);
  const checked = ringParams(Object.fromEntries(dashed));
  const byDefault: ReadonlyMap<string, unknown> = new Map(Object.entries(DEFAULT_RING_PARAMS));
  return Object.fromEntries(Object.entries(checked).filter(([name, value]) => byDefault.get(name) !== value));
}

function listLines(rings: readonly ListedRing[]): readonly string[] {
  const all = rings.some(({ name }) => name === MAIN_RING) ? rings : [{ name: MAIN_RING }, ...rings];
  return all.flatMap(({ name, params = {}, entry }: ListedRing) => {
    const set = Object.entries(params).map(([param, value]) => `${param} ${value}`);
    const where = name === MAIN_RING ? '/' : `${ringPath(name)}/`;
    const head = [`${name}  ${where}`, ...set, entry === undefined ? 'open' : 'closed'].join('  ');
    return [head, ...(entry?.secrets ?? []).map(({ kind, id }) => `  ${kind}${kind === 'password' ? '' : ` ${id}`}`)];
  });
}
