// Another build of the page, made of one: as if its scripts had other bytes.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All scripts in a built page's folder have other names, and name each other by them. Returns that of the page's first. */
export async function makeNewer(site: string): Promise<string> {
  const assets = join(site, 'assets');
  const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  const newer = (name: string): string => name.replace(/\w{3}\.js$/, 'NEW.js');
  const renamed = (text: string): string => scripts.reduce((all, name) => all.replaceAll(name, newer(name)), text);
  // Compressed forms are of the older ones.
  for (const file of await readdir(site, { recursive: true })) if (/\.(br|gz)$/.test(file)) await rm(join(site, file));
  for (const name of scripts) {
    const text = await readFile(join(assets, name), 'utf8');
    await rm(join(assets, name));
    await writeFile(join(assets, newer(name)), renamed(text));
  }
  const html = renamed(await readFile(join(site, 'index.html'), 'utf8'));
  await writeFile(join(site, 'index.html'), html);
  const worker = renamed(await readFile(join(site, 'page-worker.js'), 'utf8'));
  await writeFile(join(site, 'page-worker.js'), worker.replace(/"digest":"\w+"/, '"digest":"newer"'));
  return /assets\/(index-[\w-]+\.js)/.exec(html)?.[1] ?? '';
}
