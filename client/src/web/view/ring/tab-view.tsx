// This tab: its id, how it stands with the Discovery node, and the way out.

import { useSignal } from '@preact/signals';
import type { PageModel } from '../../model/page-model.ts';
import { standingText } from '../../text/discovery-text.ts';
import { errorText } from '../../text/error-text.ts';
import { hasStopped } from '../../text/refusal-text.ts';
import { Card } from '../card.tsx';
import { CopyButton } from '../copy-button.tsx';

export function TabView({ model }: { readonly model: PageModel }) {
  const { nodeId, status } = model.inspection.value;
  const discovery = model.discovery.value;
  return (
    <Card id="tab" title="This tab">
      <div class="id-row">
        <code class="id" id="node-id">
          {nodeId}
        </code>
        <CopyButton text={nodeId} label="Copy id" />
      </div>
      <p class="detail">
        {status === 'left' && !hasStopped(discovery.state)
          ? 'Left: no longer registered with the Discovery node.'
          : `${standingText(discovery.state, discovery.message)}.`}
      </p>
      <LeaveButton model={model} />
    </Card>
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
