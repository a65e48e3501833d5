// This tab: its id, its status in words, the Discovery node's state, and the way out.

import { useSignal } from '@preact/signals';
import type { DiscoveryState, PageModel } from '../model/page-model.ts';
import { errorText } from '../text/error-text.ts';
import { formatCount } from '../text/format.ts';
import { Card } from './card.tsx';
import { CopyButton } from './copy-button.tsx';

export function TabView({ model }: { readonly model: PageModel }) {
  const { nodeId, status, links } = model.inspection.value;
  const open = links.filter((link) => link.state === 'open').length;
  return (
    <Card id="tab" title="This tab">
      <div class="id-row">
        <code class="id" id="node-id">
          {nodeId}
        </code>
        <CopyButton text={nodeId} label="Copy id" />
      </div>
      <ul class="states" role="status">
        <li class={`state state-${status}`} id="status" data-status={status}>
          {statusText(status, open)}
        </li>
        <DiscoveryLine discovery={model.discovery.value} hasLeft={status === 'left'} />
      </ul>
      <LeaveButton model={model} />
    </Card>
  );
}

function DiscoveryLine({ discovery, hasLeft }: { readonly discovery: DiscoveryState; readonly hasLeft: boolean }) {
  // Who leaves also unregisters, without further news.
  if (hasLeft && discovery.state !== 'removed') return null;
  return (
    <li class={`state state-${discovery.state}`} id="discovery" data-state={discovery.state}>
      {discoveryText(discovery)}
    </li>
  );
}

function LeaveButton({ model }: { readonly model: PageModel }) {
  const state = useSignal<'idle' | 'leaving'>('idle');
  const problem = useSignal<string | undefined>(undefined);
  const leave = async (): Promise<void> => {
    state.value = 'leaving';
    try {
      await model.peer.leave();
    } catch (error) {
      problem.value = errorText(error);
      state.value = 'idle';
    }
    model.refresh();
  };
  if (model.inspection.value.status === 'left') {
    return (
      <button type="button" onClick={() => location.reload()}>
        Join again
      </button>
    );
  }
  return (
    <>
      <button type="button" class="quiet" disabled={state.value === 'leaving'} onClick={leave}>
        {state.value === 'leaving' ? 'Leaving: handing blocks over…' : 'Leave the ring'}
      </button>
      {problem.value === undefined ? null : (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </>
  );
}

function statusText(status: 'joining' | 'active' | 'left', links: number): string {
  switch (status) {
    case 'joining':
      return 'Joining the ring…';
    case 'active':
      return links === 0
        ? 'Active, alone so far: open this page in another tab or on another device'
        : `Active in the ring, ${formatCount(links, 'open link')}`;
    case 'left':
      return 'Left the ring';
  }
}

function discoveryText({ state, message }: DiscoveryState): string {
  switch (state) {
    case 'registered':
      return 'Registered with the Discovery node';
    case 'away':
      return 'Discovery node away: the ring goes on without it';
    case 'removed':
      return message === '' ? 'Removed by the Discovery node' : `Removed by the Discovery node: ${message}`;
  }
}
