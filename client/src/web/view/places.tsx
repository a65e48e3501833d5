// The four places of the page, and parts of them that not everybody needs. Each is loaded once the tab is on its way into the
// ring, the place before the user first.

import { signal } from '@preact/signals';
import type { ComponentChild, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Lazy, lazily } from '../../peer/lazily.ts';
import type { PageModel } from '../model/page-model.ts';
import type { Place } from '../text/address.ts';
import { frameWords } from '../text/words/en/frame.ts';

export interface PlaceProps {
  readonly model: PageModel;
}

type View = ComponentType<PlaceProps>;
type SharePart = 'deleted' | 'uploads' | 'own-files' | 'invite' | 'disk' | 'choices';
type OpenPart =
  | 'open-field'
  | 'open-others'
  | 'name-search'
  | 'open-folder'
  | 'open-problem'
  | 'opened-actions'
  | 'preview';
type HeadPart = 'closing' | 'discovery';
type Part = Place | HeadPart | SharePart | OpenPart;

/** What is likely to be wanted first comes first. */
const LOADERS: Readonly<Record<Part, Lazy<View>>> = {
  share: lazily(async () => (await import('./share/share-place.tsx')).SharePlace),
  closing: lazily(async () => (await import('./closing-pill.tsx')).ClosingPill),
  discovery: lazily(async () => (await import('./discovery-pill.tsx')).DiscoveryPill),
  'open-field': lazily(async () => (await import('./open/open-field.tsx')).OpenField),
  choices: lazily(async () => (await import('./share/choices.tsx')).Choices),
  uploads: lazily(async () => (await import('./share/uploads-view.tsx')).UploadsView),
  'own-files': lazily(async () => (await import('./share/own-files.tsx')).OwnFiles),
  deleted: lazily(async () => (await import('./share/deleted-view.tsx')).DeletedView),
  disk: lazily(async () => (await import('./disk-notice.tsx')).DiskNotice),
  invite: lazily(async () => (await import('./share/invite.tsx')).Invite),
  open: lazily(async () => (await import('./open/open-place.tsx')).OpenPlace),
  'open-folder': lazily(async () => (await import('./open/folder.tsx')).OpenedFolder),
  'opened-actions': lazily(async () => (await import('./open/opened-actions.tsx')).OpenedActions),
  preview: lazily(async () => (await import('./open/preview.tsx')).OpenedPreview),
  'open-others': lazily(async () => (await import('./open/others.tsx')).OthersOpened),
  'open-problem': lazily(async () => (await import('./open/problem.tsx')).OpenedProblem),
  'name-search': lazily(async () => (await import('./open/name-search-view.tsx')).NameSearchView),
  ring: lazily(async () => {
    const { RingPlace, loadRingStyle } = await import('./ring/ring-place.tsx');
    // It is to be there also when the Discovery node, which serves it, is not.
    loadRingStyle();
    return RingPlace;
  }),
  console: lazily(async () => (await import('./console/console-place.tsx')).ConsolePlace),
};

const PARTS = Object.keys(LOADERS) as Part[];
const HEAD: readonly HeadPart[] = ['closing', 'discovery'];
/** What is drawn in a place; Ring and Console are each in one piece. */
const DRAWN_IN: Readonly<Record<Place, readonly Part[]>> = {
  share: [...HEAD, 'choices', 'open-field', 'uploads', 'own-files', 'deleted', 'disk', 'invite'],
  open: [
    ...HEAD,
    'open-field',
    'open-folder',
    'opened-actions',
    'preview',
    'open-others',
    'open-problem',
    'name-search',
  ],
  ring: HEAD,
  console: HEAD,
};

/** Those that are loaded. */
const viewByPart = signal<Readonly<Partial<Record<Part, View>>>>({});

/** What was tried last could not be loaded yet. */
const isMissing = signal(false);

/** A place with all that is drawn in it, tried until it is there; `failed` is called after each try in vain. */
export async function loadPlace(place: Place, failed?: () => void): Promise<void> {
  await Promise.all([place, ...DRAWN_IN[place]].map((part) => loadPart(part, failed)));
}

async function loadPart(part: Part, failed: (() => void) | undefined): Promise<void> {
  const view = await LOADERS[part].whenThere(() => {
    isMissing.value = true;
    failed?.();
  });
  isMissing.value = false;
  viewByPart.value = { ...viewByPart.peek(), [part]: view };
}

/** All of them, in the order in which they are likely to be wanted. */
export async function loadPlaces(failed: () => void): Promise<void> {
  await Promise.all(PARTS.map((part) => loadPart(part, failed)));
}

export function PlaceView({ model, place }: PlaceProps & { readonly place: Place }) {
  const { placeLoading, placeMissing } = frameWords();
  useEffect(() => void loadPlace(place), [place]);
  return (
    <PartView
      model={model}
      part={place}
      before={<p class="starting">{isMissing.value ? placeMissing : placeLoading}</p>}
    />
  );
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
