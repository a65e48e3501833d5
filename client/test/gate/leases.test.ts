// Leases at the gate: what its owner signed gets in, whoever brings it; everything else is left out and counted.

import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import { type Lease, leaseParts, unownedLease } from '../../src/core/past/lease.ts';
import { LeaseProofs } from '../../src/gate/leases.ts';
import { CheapAuthority, type Owner } from '../../src/sim/cheap-scheme.ts';
import { Rng } from '../../src/sim/rng.ts';
import { statement } from '../../src/trust/statement.ts';
import { idOf } from '../peer/ids.ts';

const authority = new CheapAuthority(new Rng(11));
const owner = authority.owner();
const nodeId = idOf('5', 8);
const BLOCK: BlockRef = { key: idOf('d', 8), digest: 'd'.repeat(64), size: 7 };

function signed(by: Owner, ringKey = authority.ringKey): Lease {
  const unsigned = { digest: BLOCK.digest, owner: by.key, expires: 9, serial: 2, ends: false, signature: '' };
  return { ...unsigned, signature: by.signText(statement('lease', ringKey, leaseParts(unsigned))) };
}

async function letIn(
  leases: readonly Lease[],
): Promise<{ readonly leases: readonly Lease[]; readonly causes: string[] }> {
  const causes: string[] = [];
  const scheme = authority.scheme({ role: 'node', nodeId, epoch: 1, device: 'd' });
  const proofs = new LeaseProofs(scheme, (cause) => causes.push(cause));
  const twice: Message[] = [];
  for (const type of ['leases', 'leases'] as const) twice.push(await proofs.proved({ type, blocks: [BLOCK], leases }));
  const [first, second] = twice;
  expect(second).toEqual(first);
  return { leases: first?.type === 'leases' ? first.leases : [], causes };
}

describe('a lease', () => {
  test('P43: of its owner gets in, and one of nobody’s', async () => {
    const leases = [signed(owner), unownedLease(BLOCK.digest, 9)];
    expect(await letIn(leases)).toEqual({ leases, causes: [] });
  });

  test('P43: behind one that is wrong is not looked at', async () => {
    const wrong = { ...signed(owner), serial: 7 };
    expect((await letIn([signed(owner), wrong, wrong, signed(owner)])).causes).toHaveLength(2);
  });

  const right = signed(owner);
  test.each<[string, Lease]>([
    ['that ends what was not ended', { ...right, ends: true }],
    ['made longer', { ...right, expires: 10 }],
    ['made newer', { ...right, serial: 3 }],
    ['for another block', { ...right, digest: 'e'.repeat(64) }],
    ['in the name of another owner', { ...right, owner: authority.owner().key }],
    ['of an owner that is none', { ...right, owner: 'x'.repeat(43) }],
    ['without a signature', { ...right, signature: '' }],
    ['of another ring', signed(owner, 'x'.repeat(43))],
    ['of nobody’s, with a signature', { ...unownedLease(BLOCK.digest, 9), signature: right.signature }],
  ])('P43: %s is left out, and counted each time', async (_, lease) => {
    const { leases, causes } = await letIn([right, lease]);
    expect(leases).toEqual([right]);
    expect(causes).toEqual(Array(2).fill('leases refused: a signature that is wrong'));
  });
});
