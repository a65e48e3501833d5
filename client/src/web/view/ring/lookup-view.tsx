// The lookup box: which tab is the root of a key, and by which tabs the question went.

import type { LookupState } from '../../model/lookups.ts';
import type { PageModel } from '../../model/page-model.ts';
import { formatCount, shortId } from '../../text/format.ts';
import { Card } from '../card.tsx';

export function LookupView({ model }: { readonly model: PageModel }) {
  const { key } = model.drafts;
  const { digits } = model.inspection.value.params;
  const state = model.lookups.state.value;
  const look = (event: Event): void => {
    event.preventDefault();
    void model.lookups.lookup(key.value);
  };
  const lookRandom = (): void => {
    key.value = randomKey(digits);
    void model.lookups.lookup(key.value);
  };
  return (
    <Card id="lookup" title="Look up a key" note="Every key has one root: the tab whose id is numerically closest.">
      <form class="one-line" onSubmit={look}>
        <label for="lookup-input">Key: up to {formatCount(digits, 'hex digit')}</label>
        <input
          id="lookup-input"
          type="text"
          required
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={key.value}
          onInput={(event) => {
            key.value = event.currentTarget.value;
          }}
        />
        <button type="submit" disabled={state.phase === 'running'}>
          Look up
        </button>
        <button type="button" class="quiet" disabled={state.phase === 'running'} onClick={lookRandom}>
          Random key
        </button>
      </form>
      <div role="status" id="lookup-result">
        <Outcome state={state} />
      </div>
    </Card>
  );
}

function Outcome({ state }: { readonly state: LookupState }) {
  switch (state.phase) {
    case 'idle':
      return null;
    case 'running':
      return <p>Looking up {shortId(state.key)}…</p>;
    case 'failed':
      return <p class="problem">{state.message}</p>;
    case 'found': {
      const { key, root, route, hops } = state.result;
      return (
        <>
          <p>
            Root of <code title={key}>{shortId(key)}</code> is <code title={root}>{shortId(root)}</code>
            {hops === 0 ? ', this tab itself.' : `, reached in ${formatCount(hops, 'hop')}:`}
          </p>
          <ol class="route">
            {route.map((nodeId, index) => (
              <li key={nodeId}>
                <code title={nodeId}>{shortId(nodeId)}</code>
                {index === 0 ? ' this tab' : ''}
                {index === route.length - 1 ? ' root' : ''}
              </li>
            ))}
          </ol>
        </>
      );
    }
  }
}

function randomKey(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, digits);
}
