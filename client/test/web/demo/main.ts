// The page over the demo peer, for looking at it without a ring: `npx vite`, then `/test/web/demo/` there.
// `?tabs=<n>` sets the size of the ring, `?files=<n>` how many files this tab has shared; the places have their usual addresses;
// transfers take four steps, one each `?step=<milliseconds>`; `?seen=<n>` nodes are in its neighbourhood, so that a large ring is seen
// whole, and `?busy=<n>` things happen each second.

import { signal } from '@preact/signals';
import { Given } from '../../../src/web/given.ts';
import { speak } from '../../../src/web/language.ts';
import { PageModel } from '../../../src/web/model/page-model.ts';
import { type Place, parseAddress } from '../../../src/web/text/address.ts';
import type { Notice } from '../../../src/web/text/news.ts';
import { mountPage, type Phase } from '../../../src/web/view/page.tsx';
import { pageFiles } from '../../../src/web/view/page-files.ts';
import { loadPlaces } from '../../../src/web/view/places.tsx';
import { DemoPeer, demoId } from '../demo-peer.ts';

const PREFIXES = [
  '3f2a',
  '0c11',
  '81bc',
  '9d00',
  'a4e7',
  'c95f',
  'e210',
  '5b73',
  '3f91',
  '47aa',
  '1e05',
  '6c2d',
  'b38e',
];

const place = signal<Place>('share');
const options = new URL(location.href).searchParams;
const tabs = Number(options.get('tabs') ?? 8);
const extra = Array.from({ length: Math.max(0, tabs - PREFIXES.length) }, (_, index) =>
  ((index * 2654435761) % 65536).toString(16).padStart(4, '0'),
);
const peer = new DemoPeer([...PREFIXES, ...extra].slice(0, tabs));
peer.neighbours = Number(options.get('seen') ?? peer.neighbours);
const model = new PageModel(peer, {
  now: () => performance.now(),
  today: () => new Date(),
  later: (run, delayMs) => setTimeout(run, delayMs),
  files: pageFiles,
  here: () => location.href,
  go: (hash) => location.assign(hash),
});
await Promise.all([speak(), model.loadBehind(), loadPlaces(() => undefined)]);
const root = document.querySelector('#app');
if (root === null) throw new Error('index.html has no #app');
mountPage(root, {
  phase: signal<Phase>({ state: 'running', model }),
  notices: signal<readonly Notice[]>(options.has('notice') ? [{ kind: 'newer' }] : []),
  place,
  given: new Given(window),
});
addEventListener('hashchange', arrive);

const key = demoId('8d31');
const other = demoId('81bc');
if (!options.has('joining')) {
  peer.trace({ kind: 'joined', route: [other, demoId('47aa')] });
  peer.activate();
}
peer.trace({ kind: 'leaf-added', nodeId: demoId('47aa') });
peer.trace({ kind: 'entry-added', nodeId: other, row: 0, column: '8' });
peer.trace({
  kind: 'routed',
  what: 'lookup',
  key,
  origin: other,
  hop: 1,
  nextHop: demoId('9d00'),
  rule: 'routing-table',
});
peer.trace({ kind: 'held', digest: key, key, peer: other });
peer.emit({ type: 'link', nodeId: other, state: 'up', message: '' });
peer.emit({ type: 'discovery', state: 'away', message: '' });

const busy = Number(options.get('busy') ?? 0);
let happened = 0;
const ids = peer.ids;
if (busy > 0)
  setInterval(() => {
    const one = ids[(happened * 7) % ids.length];
    const next = ids[(happened * 13 + 5) % ids.length];
    happened += 1;
    if (one === undefined || next === undefined) return;
    const kinds = ['leaf-added', 'suspected', 'departed'] as const;
    const kind = kinds[happened % 6];
    if (kind !== undefined) peer.trace({ kind, nodeId: one });
    else
      peer.trace({
        ...{ kind: 'routed', what: 'lookup', key: one, origin: one, hop: 1 + (happened % 2) },
        ...{ nextHop: next, rule: 'routing-table' },
      });
  }, 1_000 / busy);

setInterval(() => peer.advance(), Number(options.get('step') ?? 700));

model.store(
  Array.from({ length: Number(options.get('files') ?? 0) }, (_, index) => {
    const content = new ArrayBuffer(((index % 50) + 1) * 1_234);
    return new File([content], `picture ${index + 1}.jpg`, { type: 'image/jpeg' });
  }),
);
setTimeout(arrive);

function arrive(): void {
  const { place: there, file } = parseAddress(location.href);
  place.value = there;
  if (file !== undefined) model.downloads.open(file);
}
