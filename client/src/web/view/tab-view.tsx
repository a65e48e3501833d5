// This tab: its id, its status in words, the Discovery node's state, and the way out.

import { useSignal } from '@preact/signals';
import type { DiscoveryState, PageModel } from '../model/page-model.ts';
import { closingText } from '../text/closing-text.ts';
import { standingText } from '../text/discovery-text.ts';
import { errorText } from '../text/error-text.ts';
import { hasStopped } from '../text/refusal-text.ts';
import { statusText } from '../text/status-text.ts';
import { Card } from './card.tsx';
import { CopyButton } from './copy-button.tsx';

export function TabView({ model }: { readonly model: PageModel }) {
  const { nodeId, status } = model.inspection.value;
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
          {statusText(model.inspection.value)}
        </li>
        <DiscoveryLine discovery={model.discovery.value} hasLeft={status === 'left'} />
      </ul>
      <ClosingLine model={model} />
      <LeaveButton model={model} />
    </Card>
  );
}

/** Whether this tab may be closed; after it has left, what it took with it. */
function ClosingLine({ model }: { readonly model: PageModel }) {
  const { held, files, status } = model.inspection.value;
  if (status === 'joining' || (held.objects === 0 && files.length === 0)) return null;
  const { kind, text } = closingText(model.closing.value, status === 'left');
  return (
    <p id="closing" data-closing={kind} class={kind === 'lossy' ? 'problem' : 'empty'}>
      {text}
    </p>
  );
}

function DiscoveryLine({ discovery, hasLeft }: { readonly discovery: DiscoveryState; readonly hasLeft: boolean }) {
  // Who leaves also unregisters, without further news.
  if (hasLeft && !hasStopped(discovery.state)) return null;
  return (
    <li class={`state state-${discovery.state}`} id="discovery" data-state={discovery.state}>
      {standingText(discovery.state, discovery.message)}
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
