// The four places of the page, and parts of them that not everybody needs. Each is loaded once the tab is on its way into the
// ring, the place before the user first.

import { signal } from '@preact/signals';
import type { ComponentChild, ComponentType } from 'preact';
import type { PageModel } from '../model/page-model.ts';
import type { Place } from '../text/address.ts';
import { frameWords } from '../text/words/en/frame.ts';

export interface PlaceProps {
  readonly model: PageModel;
}

type View = ComponentType<PlaceProps>;
type SharePart = 'deleted' | 'uploads' | 'own-files' | 'invite' | 'disk';
type OpenPart = 'open-field' | 'open-others' | 'name-search' | 'open-folder' | 'open-problem' | 'preview';
type HeadPart = 'closing' | 'discovery';
type Part = Place | HeadPart | SharePart | OpenPart;

/** What is likely to be wanted first comes first. */
const LOADERS: Readonly<Record<Part, () => Promise<View>>> = {
  share: async () => (await import('./share/share-place.tsx')).SharePlace,
  closing: async () => (await import('./closing-pill.tsx')).ClosingPill,
  discovery: async () => (await import('./discovery-pill.tsx')).DiscoveryPill,
  'open-field': async () => (await import('./open/open-field.tsx')).OpenField,
  uploads: async () => (await import('./share/uploads-view.tsx')).UploadsView,
  'own-files': async () => (await import('./share/own-files.tsx')).OwnFiles,
  deleted: async () => (await import('./share/deleted-view.tsx')).DeletedView,
  disk: async () => (await import('./disk-notice.tsx')).DiskNotice,
  invite: async () => (await import('./share/invite.tsx')).Invite,
  open: async () => (await import('./open/open-place.tsx')).OpenPlace,
  'open-folder': async () => (await import('./open/folder.tsx')).OpenedFolder,
  preview: async () => (await import('./open/preview.tsx')).OpenedPreview,
  'open-others': async () => (await import('./open/others.tsx')).OthersOpened,
  'open-problem': async () => (await import('./open/problem.tsx')).OpenedProblem,
  'name-search': async () => (await import('./open/name-search-view.tsx')).NameSearchView,
  ring: async () => (await import('./ring/ring-place.tsx')).RingPlace,
  console: async () => (await import('./console/console-place.tsx')).ConsolePlace,
};

const PARTS = Object.keys(LOADERS) as Part[];

/** Those that are loaded. */
const viewByPart = signal<Readonly<Partial<Record<Part, View>>>>({});

/** Rejects if it cannot be loaded. */
export async function loadPlace(part: Part): Promise<void> {
  const view = await LOADERS[part]();
  viewByPart.value = { ...viewByPart.peek(), [part]: view };
}

/** Rejects if one cannot be loaded. */
export async function loadPlaces(): Promise<void> {
  await Promise.all(PARTS.map(loadPlace));
}

export function PlaceView({ model, place }: PlaceProps & { readonly place: Place }) {
  return <PartView model={model} part={place} before={<p class="starting">{frameWords().placeLoading}</p>} />;
}

interface PartProps extends PlaceProps {
  readonly part: Part;
  /** What is drawn until it is loaded; default: nothing. */
  readonly before?: ComponentChild;
}

export function PartView({ model, part, before }: PartProps): ComponentChild {
  const View = viewByPart.value[part];
  return View === undefined ? before : <View model={model} />;
}
