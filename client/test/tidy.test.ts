// What neither the compiler nor the linter can hold: every rule has a test, a third-party library has one door, and the
// core is closed to the world outside.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BOUNDED_FIELDS } from './support/bounded-fields.ts';

const CLIENT = fileURLToPath(new URL('..', import.meta.url));
const CORE = join(CLIENT, 'src/core');
/** Libraries that one file hides from all others. */
const HIDDEN_LIBRARIES = [
  'simple-peer',
  'idb-keyval',
  'socket.io-client',
  '@noble/hashes',
  '@noble/curves',
  '@noble/ciphers',
  'node-datachannel',
];
/** What has no place in a core without clock, chance and waiting. */
const FORBIDDEN =
  /\b(Date|performance|Math\.random|crypto|async|await|Promise|setTimeout|setInterval|queueMicrotask)\b/;

function filesUnder(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .map((path) => join(folder, path))
    .sort();
}

function shown(path: string): string {
  return relative(CLIENT, path);
}

/** The modules that a file imports, in any way. */
function importsOf(code: string): string[] {
  const statements = code.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"\s]+)['"]/g);
  return [...statements].map((match) => match[1] ?? '');
}

/** Code without comments and without what stands in quotes. */
function withoutText(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/.*$/gm, ' ')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

/** The rule ids with which the titles of tests begin: `R1, R2: …`. */
function testedRules(): Set<string> {
  const rules = new Set<string>();
  for (const path of filesUnder(join(CLIENT, 'test'), /\.test\.ts$/)) {
    for (const [, ids = ''] of readFileSync(path, 'utf8').matchAll(/['"`]((?:[A-Z]\d+(?:, )?)+): /g)) {
      for (const rule of ids.split(', ')) rules.add(rule);
    }
  }
  return rules;
}

describe('every rule is named by the title of a test', () => {
  test.each([
    ['pastry', /^\| (R\d+) +\|/gm],
    ['past', /^- \*\*(P\d+)\*\*/gm],
  ])('in core/%s/SPEC.md', (folder, pattern) => {
    const text = readFileSync(join(CORE, folder, 'SPEC.md'), 'utf8');
    const rules = [...text.matchAll(pattern)].map((match) => match[1] ?? '');
    expect(rules.length).toBeGreaterThan(20);
    expect(new Set(rules).size).toBe(rules.length);
    const tested = testedRules();
    expect(rules.filter((rule) => !tested.has(rule))).toEqual([]);
  });

  test('and tests name no rule that there is not', () => {
    const text = ['pastry', 'past'].map((folder) => readFileSync(join(CORE, folder, 'SPEC.md'), 'utf8')).join('\n');
    const unknown = [...testedRules()].filter((rule) => !new RegExp(`\\b${rule}\\b`).test(text));
    expect(unknown).toEqual([]);
  });
});

describe('a third-party library has one importer', () => {
  const sources = filesUnder(join(CLIENT, 'src'), /(?<!\.d)\.tsx?$/);

  test.each(HIDDEN_LIBRARIES)('%s', (library) => {
    const importers = sources.filter((path) =>
      importsOf(readFileSync(path, 'utf8')).some((name) => name === library || name.startsWith(`${library}/`)),
    );
    expect(importers.map(shown)).toHaveLength(1);
  });
});

/**
 * Files through which words leave this project, and what keeps strangers' words in them harmless (text/clean-text.ts). Who
 * adds one says here why it needs no cleaning, or cleans.
 */
const WAYS_OUT: Readonly<Record<string, string>> = {
  'src/node/main.ts': 'words by standard-streams.ts, which cleans them',
  'src/node/many-peers.ts': 'words by standard-streams.ts, which cleans them',
  'src/node/output-file.ts': 'the bytes of a file, to where its user wants them',
  'src/node/progress.ts': 'cleans its line',
  'src/node/ring-secret.ts': 'cleans its line',
  'src/page-worker/main.ts': 'what the browser’s storage says, to its tools',
  'src/page-worker/waiting-shares.ts': 'that a form cannot be read, to the browser’s tools',
  'src/prompt/line-reader.ts': 'cleans each line',
  'src/prompt/secret-input.ts': 'words of its own',
  'src/web/compose.ts': 'that a part cannot be loaded, to the browser’s tools',
  'src/web/language.ts': 'that a language cannot be loaded, to the browser’s tools',
  'src/web/main.ts': 'mistakes in the program, to the browser’s tools',
  'src/web/model/page-console.ts': 'mistakes in the program, to the browser’s tools',
  'src/web/model/page-model.ts': 'cleans the name',
  'src/web/page-worker.ts': 'what the browser says of workers, to its tools',
  'src/web/persistent-storage.ts': 'words of its own',
  'src/web/preference-changes.ts': 'what the browser’s storage says, to the browser’s tools',
  'src/web/running-page.ts': 'that a part cannot be loaded, to the browser’s tools',
  'src/web/saving/save-file.ts': 'what the browser’s storage says, to the browser’s tools',
  'src/web/saving/worker-download.ts': 'what the browser says of workers, to its tools; a name, percent-encoded',
  'src/web/view/clipboard.ts': 'words of its own',
  'src/web/window-state.ts': 'a title of an id’s digits, and how far files are',
};
/** What draws, prints or logs past what cleans: views draw by Preact, whose nodes are cleaned (web/view/clean-view.ts). */
const WAY_OUT =
  /\bconsole\.|\bprocess\.(stdout|stderr)\b|\bdocument\.(title|write)|\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|textContent|innerText|createTextNode|nodeValue|Notification|alert|confirm)\b/;

describe('strangers’ words', () => {
  const sources = [
    'download-worker',
    'gate',
    'links',
    'node',
    'page-worker',
    'peer',
    'prompt',
    'stores',
    'text',
    'trust',
    'web',
    'wire',
  ].flatMap((folder) => filesUnder(join(CLIENT, 'src', folder), /\.tsx?$/));

  test('leave by no way but those that are known', () => {
    const ways = sources.filter((path) => WAY_OUT.test(withoutText(readFileSync(path, 'utf8'))));
    expect(sources.length).toBeGreaterThan(100);
    expect(ways.map(shown)).toEqual(Object.keys(WAYS_OUT).sort());
  });

  test('would be seen to leave by another', () => {
    expect(WAY_OUT.test(withoutText('console.log(file.name)'))).toBe(true);
    expect(WAY_OUT.test(withoutText("write(process['stdout'], name); element.textContent = name;"))).toBe(true);
    expect(WAY_OUT.test(withoutText("// the console.\nconst text = 'process.stdout';"))).toBe(false);
  });
});

/** Where others' words are acted on: files of one idea each, and nothing that grows as others please. */
const PROTOCOL_FOLDERS = ['core', 'gate', 'links', 'peer', 'trust'];
const MAX_LINES = 300;
/** A field of a class that begins as an empty map or set: BoundedMap is none of these. */
const GROWING_FIELD = /^ {2}(?:(?:readonly|static|private) )*(#?\w+)(?:: [^=\n]+)? =\s+new (?:Map|Set)\b/gm;

describe('what others speak to', () => {
  const sources = PROTOCOL_FOLDERS.flatMap((folder) => filesUnder(join(CLIENT, 'src', folder), /\.ts$/));

  test(`has no file of more than ${MAX_LINES} lines`, () => {
    expect(sources.length).toBeGreaterThan(200);
    const long = sources.filter((path) => readFileSync(path, 'utf8').trimEnd().split('\n').length > MAX_LINES);
    expect(long.map(shown)).toEqual([]);
  });

  test('has no map or set that grows for ever: each is bounded, or it is known why it is', () => {
    const fields = sources.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(GROWING_FIELD)].map(
        ([, field]) => `${relative(join(CLIENT, 'src'), path)} ${field}`,
      ),
    );
    expect(fields.toSorted()).toEqual(Object.keys(BOUNDED_FIELDS).toSorted());
  });

  test('names no bound there that there is not', () => {
    const code = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
    const named = Object.values(BOUNDED_FIELDS).flatMap((reason) => reason.match(/\b[A-Z]+_[A-Z_]+\b/g) ?? []);
    expect(named.filter((bound) => !new RegExp(`const ${bound}\\b`).test(code))).toEqual([]);
  });

  test('would be seen to grow', () => {
    const seen = (code: string): (string | undefined)[] => [...code.matchAll(GROWING_FIELD)].map(([, field]) => field);
    expect(seen('  readonly #all = new Map<string, number>();\n  seen: ReadonlySet<string> = new Set();')).toEqual([
      '#all',
      'seen',
    ]);
    expect(seen('  readonly #all = new BoundedMap<string, number>(8);\n    const all = new Map();')).toEqual([]);
  });
});

describe('the core', () => {
  const files = filesUnder(CORE, /\.ts$/);

  test('imports nothing from outside', () => {
    expect(files.length).toBeGreaterThan(20);
    const outside: string[] = [];
    for (const path of files) {
      for (const name of importsOf(readFileSync(path, 'utf8'))) {
        const isInside = name.startsWith('.') && !relative(CORE, resolve(dirname(path), name)).startsWith('..');
        if (!isInside) outside.push(`${shown(path)}: ${name}`);
      }
    }
    expect(outside).toEqual([]);
  });

  test('has no clock, no chance and nothing asynchronous', () => {
    const found: string[] = [];
    for (const path of files) {
      const match = FORBIDDEN.exec(withoutText(readFileSync(path, 'utf8')));
      if (match !== null) found.push(`${shown(path)}: ${match[0]}`);
    }
    expect(found).toEqual([]);
  });

  test('would be seen to import or to wait', () => {
    expect(importsOf("import { x } from '../../peer/driver.ts';\nawait import('node:fs')")).toEqual([
      '../../peer/driver.ts',
      'node:fs',
    ]);
    expect(FORBIDDEN.test(withoutText('const at = Date.now();'))).toBe(true);
    expect(FORBIDDEN.test(withoutText("// a Date\nconst name = 'Promise';"))).toBe(false);
  });
});
