// This tab: its id, how it stands with the Discovery node, and the way out.

import { useSignal } from '@preact/signals';
import type { PageModel } from '../../model/page-model.ts';
import { standingText } from '../../text/discovery-text.ts';
import { errorText } from '../../text/error-text.ts';
import { hasStopped } from '../../text/refusal-text.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';
import { CopyButton } from '../copy-button.tsx';

export function TabView({ model }: { readonly model: PageModel }) {
  const words = ringWords();
  const { nodeId, status } = model.inspection.value;
  const discovery = model.discovery.value;
  return (
    <Card id="tab" title={words.tab}>
      <div class="id-row">
        <code class="id" id="node-id">
          {nodeId}
        </code>
        <CopyButton text={nodeId} label={words.copyId} />
      </div>
      <p class="detail">
        {status === 'left' && !hasStopped(discovery.state) ? words.leftDiscovery : `${standingText(discovery)}.`}
      </p>
      <LeaveButton model={model} />
    </Card>
  );
}

function LeaveButton({ model }: { readonly model: PageModel }) {
  const words = ringWords();
  const state = useSignal<'idle' | 'leaving'>('idle');
  const problem = useSignal<{ readonly error: unknown } | undefined>(undefined);
  const leave = async (): Promise<void> => {
    state.value = 'leaving';
    try {
      await model.peer.leave();
    } catch (error) {
      problem.value = { error };
      state.value = 'idle';
    }
    model.refresh();
  };
  if (model.inspection.value.status === 'left') {
    return (
      <button type="button" onClick={() => location.reload()}>
        {words.joinAgain}
      </button>
    );
  }
  return (
    <>
      <button type="button" class="quiet" disabled={state.value === 'leaving'} onClick={leave}>
        {state.value === 'leaving' ? words.leaving : words.leave}
      </button>
      {problem.value === undefined ? null : (
        <p class="problem" role="alert">
          {errorText(problem.value.error)}
        </p>
      )}
    </>
  );
}
