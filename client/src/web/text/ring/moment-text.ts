// A moment of the ring in words: the event log's sentence, or a hop of a lookup with the digits that match and the rule that chose.

import { type LogTopic, peerEventText } from '../event-text.ts';
import { shortId, withoutDoubledDots } from '../short-id.ts';
import { livingWords } from '../words/en/living.ts';
import type { Hop, Moment } from './moment.ts';
import { sharedDigits } from './scene.ts';

interface MomentText {
  readonly text: string;
  readonly topic: LogTopic;
}

export function momentText({ happening, facts }: Pick<Moment, 'happening' | 'facts'>): MomentText {
  const words = livingWords();
  if (happening.kind === 'hop') return { topic: 'messages', text: withoutDoubledDots(hopText(happening)) };
  if (happening.kind === 'changed')
    return { topic: 'tables', text: words.changed(happening.parts.map((part) => words.parts[part]).join(', ')) };
  return peerEventText(happening.event, facts.nodeId) ?? { topic: 'tables', text: words.changed('') };
}

function hopText(told: Hop): string {
  const words = livingWords();
  const { lookup, hop } = told;
  const { key, route } = lookup;
  const from = route[hop];
  if (from === undefined) return '';
  const to = route[hop + 1];
  if (to === undefined)
    return hop === 0 ? words.alone(shortId(from), shortId(key)) : words.reached(shortId(from), shortId(key));
  const before = sharedDigits(from, key);
  const now = sharedDigits(to, key);
  const match = now > before ? words.moreDigits(shortId(to), now, before) : words.sameDigits(shortId(to), now);
  return [words.hop(hop + 1, shortId(from), shortId(to)), match, ruleText(told)]
    .filter((part) => part !== '')
    .join(' ');
}

/** By which rule it was chosen; nothing of an own choice that nothing was told of. */
function ruleText({ lookup: { key, route }, hop, rule }: Hop): string {
  const { rules, ruleUnknown } = livingWords();
  const from = route[hop];
  if (from === undefined) return '';
  if (rule === undefined) return hop === 0 ? '' : ruleUnknown(shortId(from));
  const row = sharedDigits(from, key);
  return rule === 'routing-table' ? rules[rule](row, key[row] ?? '') : rules[rule];
}
