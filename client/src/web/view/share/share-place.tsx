// The place to share files: give them to the page, watch them go, hand their links on, and see how safe they are.

import { shareWords } from '../../text/words/en/share.ts';
import { PartView, type PlaceProps } from '../places.tsx';
import { DropZone } from './drop-zone.tsx';

export function SharePlace({ model }: PlaceProps) {
  const { own } = model.listing.value;
  const isEmpty = own.length + model.uploads.list.value.length === 0;
  return (
    <div class="share">
      <PartView model={model} part="disk" />
      <section id="store" class={isEmpty ? 'store is-empty' : 'store'} aria-label={shareWords().label}>
        <DropZone model={model} isEmpty={isEmpty} />
        <PartView model={model} part="choices" before={<div class="choices" />} />
        <PartView model={model} part="uploads" />
      </section>
      <PartView model={model} part="deleted" />
      <PartView model={model} part="own-files" />
      <div class="aside">
        <PartView model={model} part="open-field" />
        <PartView model={model} part="invite" />
      </div>
    </div>
  );
}
