// `npm run bench:confirmations [-- <blocks>...]`: what a confirmation round costs, for docs/performance.md.

import { confirmationCost } from './confirmation-cost.ts';

const counts = process.argv.slice(2).map(Number);

console.log('| blocks on each | that differ | messages | bytes | blocks offered |');
console.log('| ---: | ---: | ---: | ---: | ---: |');
for (const blocks of counts.length === 0 ? [10_000, 100_000] : counts) {
  for (const differing of [0, 1]) {
    const { messages, bytes, offered } = confirmationCost(blocks, differing);
    const cells = [blocks, differing, messages, bytes, offered].map((figure) => figure.toLocaleString('en'));
    console.log(`| ${cells.join(' | ')} |`);
  }
}
