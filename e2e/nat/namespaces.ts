// Network namespaces of this run: made under names of its own, and taken down with every process in them, also those that
// an earlier run left behind when it was killed.

import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const PREFIX = 'tabring-test-';
/** Browsers end in a moment once told to; what is still there then is killed, milliseconds. */
const END_MS = 3_000;
const END_STEP_MS = 50;

/** The reason why there can be none here; undefined if there can. */
export function whyNoNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root: sudo npm run test:nat';
  const missing = ['ip', 'nft'].filter((program) => !runs(program, ['-V']));
  if (missing.length > 0) return `no ${missing.join(' and no ')} here: apt-get install iproute2 nftables`;
  const probe = `${PREFIX}${process.pid}-probe`;
  try {
    run('ip', ['netns', 'add', probe]);
    run('ip', [
      'netns',
      'exec',
      probe,
      'nft',
      'add table ip home; add chain ip home x { type nat hook postrouting priority 100; }',
    ]);
    return undefined;
  } catch (error) {
    return `this machine allows none, or no address translation in them: ${error instanceof Error ? error.message : error}`;
  } finally {
    if (runs('ip', ['netns', 'exec', probe, 'true'])) run('ip', ['netns', 'del', probe]);
  }
}

/** Bits a second; any rate. */
const SLOW_PROBE = 1_000_000;

export class Namespaces {
  readonly #made: string[] = [];

  constructor() {
    for (const name of list()) {
      const pid = Number(name.slice(PREFIX.length).split('-')[0]);
      if (name.startsWith(PREFIX) && !isRunning(pid)) remove(name);
    }
  }

  /** Makes one; returns its full name. */
  add(name: string): string {
    const full = `${PREFIX}${process.pid}-${name}`;
    run('ip', ['netns', 'add', full]);
    this.#made.push(full);
    ip(full, 'link set lo up');
    return full;
  }

  /** Ends what runs in them, and removes them. */
  async removeAll(): Promise<void> {
    const running = (): readonly number[] => this.#made.flatMap(processesIn);
    for (const pid of running()) signal(pid, 'SIGTERM');
    for (let waited = 0; waited < END_MS && running().length > 0; waited += END_STEP_MS) await delay(END_STEP_MS);
    for (const name of this.#made.splice(0)) remove(name);
  }
}

/** What to write in front of a command so that it runs in there. */
export function within(namespace: string): readonly [string, ...string[]] {
  return ['ip', 'netns', 'exec', namespace];
}

/** One command of ip(8) in there. */
export function ip(namespace: string, command: string): void {
  run('ip', ['-n', namespace, ...command.split(' ')]);
}

/** A setting of the kernel in there. */
export function sysctl(namespace: string, setting: string): void {
  run('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', setting]);
}

/** Why nothing can be slowed down here; undefined if it can. To be asked where there are namespaces. */
export function whyNoSlowLinks(): string | undefined {
  const probe = `${PREFIX}${process.pid}-slow`;
  try {
    run('ip', ['netns', 'add', probe]);
    slowDown(probe, 'lo', SLOW_PROBE);
    return undefined;
  } catch (error) {
    return `this machine's kernel slows no link down (tc's tbf): ${error instanceof Error ? error.message : error}`;
  } finally {
    if (runs('ip', ['netns', 'exec', probe, 'true'])) run('ip', ['netns', 'del', probe]);
  }
}

/** What goes out of a device in there is held to a rate, bits a second. */
export function slowDown(namespace: string, device: string, rate: number): void {
  run('tc', [
    '-n',
    namespace,
    ...`qdisc add dev ${device} root tbf rate ${rate}bit burst 32kbit latency 400ms`.split(' '),
  ]);
}

/** Rules of nft(8) for in there. */
export function nft(namespace: string, rules: string): void {
  run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], rules);
}

function remove(name: string): void {
  for (const pid of processesIn(name)) signal(pid, 'SIGKILL');
  // Its interfaces go with it.
  run('ip', ['netns', 'del', name]);
}

function list(): readonly string[] {
  return lines(run('ip', ['netns', 'list'])).map((line) => line.split(' ')[0] ?? '');
}

function processesIn(name: string): readonly number[] {
  return lines(run('ip', ['netns', 'pids', name])).map(Number);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error; // it has ended in the meantime
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function run(program: string, args: readonly string[], input = ''): string {
  return execFileSync(program, args, { input, encoding: 'utf8', stdio: 'pipe' });
}

function runs(program: string, args: readonly string[]): boolean {
  try {
    run(program, args);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
