// The page of a tab: what it shows, where in it one is, what it watches, and window.tabring. Loaded while the tab asks for its id.

import { signal } from '@preact/signals';
import { lazily } from '../peer/lazily.ts';
import type { Tab } from './compose.ts';
import type { Given } from './given.ts';
import { speak } from './language.ts';
import { watchLifecycle } from './lifecycle.ts';
import { PageModel } from './model/page-model.ts';
import { untilActive } from './model/until-active.ts';
import { browserConnection, watchNetwork } from './network-watch.ts';
import type { PageRenewal } from './page-renewal.ts';
import { keepStorageOnceUsed } from './persistent-storage.ts';
import { createTabring } from './tabring.ts';
import { takeAddress } from './taken-address.ts';
import { type Place, parseAddress } from './text/address.ts';
import type { Notice, Wait } from './text/news.ts';
import { mountPage, type Phase } from './view/page.tsx';
import { pageFiles } from './view/page-files.ts';
import { loadPlace, loadPlaces } from './view/places.tsx';

/** What nobody has asked for yet is not to share the machine with the tab's way into the ring; but for a ring that is far away it does not wait. */
const LONGEST_JOIN_MS = 3_000;

export class TabPage {
  readonly #window: Window;
  readonly #phase = signal<Phase>({ state: 'starting', wait: undefined });
  readonly #notices = signal<readonly Notice[]>([]);
  readonly #place;
  /** Not needed at first. */
  readonly #renewal: Promise<PageRenewal>;
  /** In the language that is wanted. `script`: the address of the page's first script. */
  static async open(window: Window, root: Element, script: string, given: Given): Promise<TabPage> {
    await speak();
    return new TabPage(window, root, script, given);
  }

  private constructor(window: Window, root: Element, script: string, given: Given) {
    this.#window = window;
    this.#place = signal<Place>(parseAddress(window.location.href).place);
    this.#renewal = this.#renewalOf(script);
    mountPage(root, { phase: this.#phase, notices: this.#notices, place: this.#place, given });
    window.addEventListener('hashchange', () => {
      // Who stands before the door of a closed ring, and has now got an invitation, begins anew with it.
      const isInvited = parseAddress(window.location.href).invitation !== undefined;
      if (isInvited && this.#model === undefined) window.location.reload();
      else this.#arrive();
    });
  }

  async #renewalOf(script: string): Promise<PageRenewal> {
    const { pageRenewal } = await lazily(() => import('./renewal-hooks.ts')).whenThere();
    return pageRenewal(
      script,
      () => this.#model,
      (notice) => this.notify(notice),
    );
  }

  /** How far it has got, until it runs. */
  show(phase: Phase): void {
    this.#phase.value = phase;
  }

  /** Why it takes its time. Who is asked for a password is left at the question: the answer is wanted all the same. */
  wait(wait: Wait): void {
    if (this.#phase.peek().state !== 'closed') this.show({ state: 'starting', wait });
  }

  notify(notice: Notice): void {
    this.#notices.value = [...this.#without(notice.kind), notice];
  }

  #without(...kinds: readonly Notice['kind'][]): readonly Notice[] {
    return this.#notices.peek().filter(({ kind }) => !kinds.includes(kind));
  }

  /** The Discovery node serves a page with this script. */
  served(script: string | undefined): void {
    // Without it the page only stays as it is.
    this.#renewal.then((renewal) => renewal.told(script)).catch((error: unknown) => console.error(error));
  }

  /** Shows a tab from now on, and gives the window to it. */
  run(tab: Tab): void {
    const { peer } = tab;
    const model = new PageModel(peer, {
      now: () => performance.now(),
      today: () => new Date(),
      later: (run, delayMs) => setTimeout(run, delayMs),
      files: pageFiles,
      here: () => this.#window.location.href,
      go: (hash) => this.#go(hash),
    });
    watchLifecycle(this.#window, { goodbye: () => tab.goodbye(), isClosingUnsafe: () => model.isClosingUnsafe });
    watchNetwork({ page: this.#window, connection: browserConnection() }, () => tab.networkChanged());
    keepStorageOnceUsed(peer);
    this.#window.tabring = createTabring(peer, model.uploads, pageFiles);
    this.#phase.value = { state: 'running', model };
    this.#arrive();
    void this.#load(model);
  }

  get #model(): PageModel | undefined {
    const phase = this.#phase.peek();
    return phase.state === 'running' ? phase.model : undefined;
  }

  /** What need not be there at first; once loaded it is there, also when the Discovery node, which serves it, is not. */
  async #load(model: PageModel): Promise<void> {
    const failed = (): void => this.notify({ kind: 'part-missing' });
    // In this order they are asked for.
    await Promise.all([loadPlace(this.#place.peek(), failed), this.#showState(failed)]);
    await untilActive(model.peer, AbortSignal.timeout(LONGEST_JOIN_MS)).catch(() => undefined);
    await Promise.all([model.loadBehind(failed), loadPlaces(failed), pageFiles.prepare(failed)]);
    this.#notices.value = this.#without('part-missing');
    const { whenIn } = await lazily(() => import('./when-in.ts')).whenThere();
    await whenIn(model);
  }

  /** On the browser's tab. */
  async #showState(failed: () => void): Promise<void> {
    const { showState } = await lazily(() => import('./window-state.ts')).whenThere(failed);
    showState(this.#window.document, this.#phase, this.#place);
  }

  /** Goes to another place without a word to the server, even if the address is the same; to another ring as to any page. */
  #go(hash: string): void {
    const { history, location } = this.#window;
    const { href, pathname } = new URL(hash, location.href);
    if (pathname !== location.pathname) {
      location.assign(href);
      return;
    }
    const { place, file } = parseAddress(href);
    if (file === undefined && place === this.#place.peek()) return;
    if (hash === location.hash) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.#arrive();
  }

  #arrive(): void {
    const model = this.#model;
    const { place, file, problem } = takeAddress(this.#window, model?.downloads.opened.peek());
    // What is wrong with the address is said as long as it is this one.
    this.#notices.value = [...this.#without('bad-id', 'bad-place'), ...(problem === undefined ? [] : [problem])];
    if (place !== this.#place.peek()) this.#window.scrollTo(0, 0);
    this.#place.value = place;
    if (file !== undefined) model?.downloads.open(file);
    else if (place === 'open') model?.downloads.close();
  }
}
