// What closing would cost, from what is known of copies.

import { expect, test } from 'vitest';
import type { Holding } from '../../src/core/past/holdings.ts';
import { closingReport } from '../../src/peer/closing.ts';
import { FileStatuses } from '../../src/peer/file-statuses.ts';
import { block } from '../past/world.ts';

const statuses = Object.create(FileStatuses.prototype, { blocks: { value: () => [] } });

function report(holding: Holding, wanted = 3) {
  return closingReport({ own: [], holdings: [holding], statuses, wanted });
}

const others = ['a', 'b'].map((device) => ({ nodeId: `${device}000`, device }) as never);

test('P40: of blocks of others that have just come nothing is known yet, unless they have their quorum', () => {
  expect(report({ block: block('51'), others: [], isNew: true })).toMatchObject({ safe: false, known: false });
  expect(report({ block: block('51'), others: [], isNew: false })).toMatchObject({ safe: false, known: true });
  expect(report({ block: block('51'), others, isNew: true })).toMatchObject({ safe: true, known: true });
});

test('P40: where there are to be two copies, the other one is enough', () => {
  const one = { block: block('51'), others: others.slice(0, 1), isNew: false };
  expect(report(one, 2)).toMatchObject({ safe: true });
  expect(report(one, 3)).toMatchObject({ safe: false });
  expect(report({ ...one, others: [] }, 2)).toMatchObject({ safe: false });
});
