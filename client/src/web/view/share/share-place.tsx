// The place to share files: give them to the page, watch them go, hand their links on, and see how safe they are.

import type { PageModel } from '../../model/page-model.ts';
import { DiskNotice } from '../disk-notice.tsx';
import { OpenField } from '../open/open-field.tsx';
import { PartView, type PlaceProps } from '../places.tsx';
import { DropZone } from './drop-zone.tsx';
import { Invite } from './invite.tsx';

export function SharePlace({ model }: PlaceProps) {
  const { own } = model.listing.value;
  const isEmpty = own.length + model.uploads.list.value.length === 0;
  return (
    <div class="share">
      <DiskNotice model={model} />
      <section id="store" class={isEmpty ? 'store is-empty' : 'store'} aria-label="Share files">
        <DropZone model={model} isEmpty={isEmpty} />
        <PublicChoice model={model} />
        <PartView model={model} part="uploads" />
      </section>
      <Deleted model={model} />
      <PartView model={model} part="own-files" />
      <div class="aside">
        <OpenField model={model} />
        <Invite model={model} />
      </div>
    </div>
  );
}

function PublicChoice({ model }: { readonly model: PageModel }) {
  const { isPublic } = model.drafts;
  return (
    <label class="choice">
      <input
        type="checkbox"
        id="public-choice"
        checked={isPublic.value}
        onChange={(event) => {
          isPublic.value = event.currentTarget.checked;
        }}
      />{' '}
      <span>
        <strong>Public</strong>{' '}
        <span class="detail">
          {isPublic.value
            ? 'Everybody here may read what you add, and finds it by its name.'
            : 'Off: only who has the link can read what you add.'}
        </span>
      </span>
    </label>
  );
}

/** What came of the last deletion. */
function Deleted({ model }: { readonly model: PageModel }) {
  const told = model.actions.told.value;
  return (
    <p class="detail" role="status" id="deleted">
      {told}
    </p>
  );
}
