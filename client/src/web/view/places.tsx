// The four places of the page, and parts of them that not everybody needs. Each is loaded once the tab is on its way into the
// ring, the place before the user first.

import { type Signal, signal } from '@preact/signals';
import type { ComponentChild, ComponentType } from 'preact';
import type { PageModel } from '../model/page-model.ts';
import type { Place } from '../text/address.ts';

export interface PlaceProps {
  readonly model: PageModel;
}

type View = ComponentType<PlaceProps>;
type SharePart = 'uploads' | 'own-files' | 'invite' | 'disk';
type OpenPart = 'open-field' | 'open-others' | 'name-search' | 'open-folder' | 'open-problem' | 'preview';
type Part = Place | SharePart | OpenPart | 'closing';

/** Undefined until it is loaded. */
const viewByPart: Readonly<Record<Part, Signal<View | undefined>>> = {
  share: signal(),
  open: signal(),
  ring: signal(),
  console: signal(),
  closing: signal(),
  uploads: signal(),
  'own-files': signal(),
  invite: signal(),
  disk: signal(),
  'open-field': signal(),
  'open-folder': signal(),
  'open-others': signal(),
  'open-problem': signal(),
  preview: signal(),
  'name-search': signal(),
};

const LOADERS: Readonly<Record<Part, () => Promise<View>>> = {
  share: async () => (await import('./share/share-place.tsx')).SharePlace,
  open: async () => (await import('./open/open-place.tsx')).OpenPlace,
  ring: async () => (await import('./ring/ring-place.tsx')).RingPlace,
  console: async () => (await import('./console/console-place.tsx')).ConsolePlace,
  closing: async () => (await import('./closing-pill.tsx')).ClosingPill,
  uploads: async () => (await import('./share/uploads-view.tsx')).UploadsView,
  'own-files': async () => (await import('./share/own-files.tsx')).OwnFiles,
  invite: async () => (await import('./share/invite.tsx')).Invite,
  disk: async () => (await import('./disk-notice.tsx')).DiskNotice,
  'open-field': async () => (await import('./open/open-field.tsx')).OpenField,
  'open-others': async () => (await import('./open/others.tsx')).OthersOpened,
  'open-folder': async () => (await import('./open/folder.tsx')).OpenedFolder,
  'open-problem': async () => (await import('./open/problem.tsx')).OpenedProblem,
  preview: async () => (await import('./open/preview.tsx')).OpenedPreview,
  'name-search': async () => (await import('./open/name-search-view.tsx')).NameSearchView,
};

/** What is likely to be wanted first comes first. */
const IN_ORDER: readonly Part[] = [
  ...(['share', 'open-field', 'uploads', 'own-files', 'closing', 'disk'] as const),
  ...(['invite', 'open', 'open-folder'] as const),
  ...(['preview', 'open-others', 'open-problem', 'name-search'] as const),
  ...(['ring', 'console'] as const),
];

/** Rejects if it cannot be loaded. */
export async function loadPlace(part: Part): Promise<void> {
  const view = await LOADERS[part]();
  viewByPart[part].value = view;
}

/** Rejects if one cannot be loaded. */
export async function loadPlaces(): Promise<void> {
  await Promise.all(IN_ORDER.map(loadPlace));
}

export function PlaceView({ model, place }: PlaceProps & { readonly place: Place }) {
  return <PartView model={model} part={place} before={<p class="starting">One moment…</p>} />;
}

interface PartProps extends PlaceProps {
  readonly part: Part;
  /** What is drawn until it is loaded; default: nothing. */
  readonly before?: ComponentChild;
}

export function PartView({ model, part, before }: PartProps): ComponentChild {
  const View = viewByPart[part].value;
  return View === undefined ? before : <View model={model} />;
}
