// The lookup box: which tab is the root of a key, and by which tabs the question went.

import type { LookupState } from '../../model/lookups.ts';
import { lookupsOf } from '../../model/lookups.ts';
import type { PageModel } from '../../model/page-model.ts';
import { errorText } from '../../text/error-text.ts';
import { shortId } from '../../text/short-id.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';
import { Filled } from '../filled.tsx';
import { bringPictureIntoSight } from './in-sight.ts';

export function LookupView({ model }: { readonly model: PageModel }) {
  const words = ringWords();
  const { key } = model.drafts;
  const { digits } = model.inspection.value.params;
  const state = lookupsOf(model).state.value;
  const look = (event: Event): void => {
    event.preventDefault();
    void lookUp(model);
  };
  const lookRandom = (): void => {
    key.value = randomKey(digits);
    void lookUp(model);
  };
  return (
    <Card id="lookup" title={words.lookup} note={words.lookupNote}>
      <form class="one-line" onSubmit={look}>
        <label for="lookup-input">{words.lookupKey(digits)}</label>
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
          {words.lookUp}
        </button>
        <button type="button" class="quiet" disabled={state.phase === 'running'} onClick={lookRandom}>
          {words.randomKey}
        </button>
      </form>
      <div role="status" id="lookup-result">
        <Outcome state={state} />
      </div>
    </Card>
  );
}

/** Its way is shown in the picture. */
async function lookUp(model: PageModel): Promise<void> {
  const lookups = lookupsOf(model);
  await lookups.lookup(model.drafts.key.peek());
  if (lookups.state.peek().phase === 'found') bringPictureIntoSight();
}

function Outcome({ state }: { readonly state: LookupState }) {
  const words = ringWords();
  switch (state.phase) {
    case 'idle':
      return null;
    case 'running':
      return <p>{words.lookingUp(shortId(state.key))}</p>;
    case 'failed':
      return <p class="problem">{errorText(state.error)}</p>;
    case 'found': {
      const { key, root, route, hops } = state.result;
      return (
        <>
          <p>
            <Filled
              text={hops === 0 ? words.rootIsSelf : words.rootIs(hops)}
              parts={{
                key: <code title={key}>{shortId(key)}</code>,
                root: <code title={root}>{shortId(root)}</code>,
              }}
            />
          </p>
          <ol class="route">
            {route.map((nodeId, index) => (
              <li key={nodeId}>
                <code title={nodeId}>{shortId(nodeId)}</code>
                {index === 0 ? ` ${words.thisTab}` : ''}
                {index === route.length - 1 ? ` ${words.root}` : ''}
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
