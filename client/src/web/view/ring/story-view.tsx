// The picture as text: what happened, moment for moment, and all nodes as a table.

import { useSignal } from '@preact/signals';
import { momentText } from '../../text/ring/moment-text.ts';
import { sharedDigits } from '../../text/ring/scene.ts';
import { shortId } from '../../text/short-id.ts';
import { livingWords } from '../../text/words/en/living.ts';
import { Card } from '../card.tsx';
import { bringPictureIntoSight } from './in-sight.ts';
import type { StageProps } from './ring-place.tsx';

/** Moments listed: more than one reads back; with the slider one goes farther. */
const MAX_LISTED = 30;

export function StoryView({ stage }: StageProps) {
  const words = livingWords();
  const { player } = stage;
  const shown = player.shown.value;
  const newest = player.recording.newest.value;
  // Around what is shown, if that is long past.
  const last = Math.min(newest, Math.max((shown?.number ?? 0) + 3, player.mode.value === 'live' ? newest : MAX_LISTED));
  const moments = player.recording.upTo(last).slice(-MAX_LISTED).toReversed();
  return (
    <Card id="story" title={words.story} note={words.storyNote}>
      {moments.length === 0 ? (
        <p class="empty">{words.nothingYet}</p>
      ) : (
        <ol class="story">
          {moments.map((moment) => (
            <li key={moment.number}>
              <button
                type="button"
                class="line"
                aria-current={moment === shown ? 'step' : undefined}
                onClick={() => {
                  player.seek(moment.number);
                  bringPictureIntoSight();
                }}
              >
                {momentText(moment).text}
              </button>
            </li>
          ))}
        </ol>
      )}
      <NodeTable stage={stage} />
    </Card>
  );
}

/** Its rows are made once it is open. */
function NodeTable({ stage }: StageProps) {
  const isOpen = useSignal(false);
  return (
    <details
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary>{livingWords().asTable}</summary>
      {isOpen.value ? <NodeRows stage={stage} /> : null}
    </details>
  );
}

function NodeRows({ stage }: StageProps) {
  const words = livingWords();
  const { nodeId: self } = stage.facts.value;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label={words.asTable}>
        <table class="node-table">
          <thead>
            <tr>
              {[words.columnId, words.factRole, words.factShared, words.factLink].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stage.scene.value.nodes.map(({ nodeId, role, link }) => (
              <tr key={nodeId}>
                <th scope="row">
                  <code title={nodeId}>{shortId(nodeId)}</code>
                </th>
                <td>{words.roles[role]}</td>
                <td>{role === 'self' ? '' : words.shared(sharedDigits(nodeId, self))}</td>
                <td>{role === 'self' ? '' : words.ways[link]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
