// The page's own files, kept so that it opens without the server: index.html and all parts of one build, whole or not at all.
// index.html comes from the server whenever that answers, so that no kept page outlives a newer one.

/** What a build is made of; the bundler says it (client/bundle/service-workers.ts). */
export interface Build {
  /** A digest of all of it. */
  readonly digest: string;
  /** Addresses of its files below the page's folder. Each has a digest in its name. */
  readonly parts: readonly string[];
}

/** By then a server that can be reached has begun to answer; over a network that leads nowhere nothing else tells, milliseconds. */
const ANSWER_WITHIN_MS = 5_000;
/** Of a proxy whose Discovery node is away. */
const AWAY = [502, 503, 504];

export class Shell {
  readonly #scope: string;
  readonly #build: Build;
  readonly #name: string;

  /** `scope`: the address of the page's folder. One origin may have several: each ring's page is below a path of its own. */
  constructor(scope: string, build: Build) {
    this.#scope = scope;
    this.#build = build;
    this.#name = `${prefixOf(scope)}${build.digest}`;
  }

  /** Rejects, and keeps nothing, if the server cannot give all of this build: it may serve another one by now. */
  async fill(): Promise<void> {
    const cache = await caches.open(this.#name);
    try {
      const page = await fetch(this.#scope, { cache: 'no-cache' });
      if (!page.ok || !isOfBuild(await page.clone().text(), this.#build)) throw new Error('another page is served');
      await cache.addAll(this.#build.parts.map((part) => `${this.#scope}${part}`));
      await cache.put(this.#scope, page);
    } catch (error) {
      await caches.delete(this.#name);
      throw error;
    }
  }

  /** Removes what is kept of other builds. */
  async tidy(): Promise<void> {
    const others = (await caches.keys()).filter(
      (name) => name.startsWith(prefixOf(this.#scope)) && name !== this.#name,
    );
    await Promise.all(others.map((name) => caches.delete(name)));
  }

  /** The page as the server gives it; the kept one if it cannot be reached. Rejects if there is neither. */
  async page(request: Request): Promise<Response> {
    const asked = fetch(request);
    // Who reloads wants what is new, however long it takes.
    const isReload = ['no-cache', 'reload'].includes(request.cache);
    try {
      const answer = await (isReload ? asked : Promise.race([asked, this.#afterWaiting()]));
      return AWAY.includes(answer.status) ? ((await this.#kept(this.#scope)) ?? answer) : answer;
    } catch (error) {
      const kept = await this.#kept(this.#scope);
      if (kept === undefined) throw error;
      return kept;
    }
  }

  /** A file of the build: its name says that it is the right one. */
  async part(request: Request): Promise<Response> {
    return (await this.#kept(request.url)) ?? fetch(request);
  }

  async #afterWaiting(): Promise<Response> {
    await new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS));
    return (await this.#kept(this.#scope)) ?? new Promise<never>(() => undefined);
  }

  async #kept(url: string): Promise<Response | undefined> {
    // Not caches.open, which would make what is not there.
    return caches.match(url, { cacheName: this.#name, ignoreVary: true });
  }
}

/** Whether the scripts and style sheets that a page names are a build's. */
export function isOfBuild(html: string, { parts }: Pick<Build, 'parts'>): boolean {
  const named = [...html.matchAll(/"\.\/(assets\/[^"]+)"/g)].map(([, part = '']) => part);
  return named.length > 0 && named.every((part) => parts.includes(part));
}

/** No address has a space in it, so that no scope's names begin like another's. */
function prefixOf(scope: string): string {
  return `tabring-page ${scope} `;
}
