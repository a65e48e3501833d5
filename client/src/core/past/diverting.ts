// The parts of the storage layer that know about diversion (PAST, section 3.3.2), put together.

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import { Diversions } from './diversions.ts';
import type { HoldingProofs } from './holding-proofs.ts';
import type { Intake } from './intake.ts';
import type { LeaseDesk } from './lease-desk.ts';
import type { LossNotices } from './loss-notices.ts';
import { PointerClaims, type PointerEvents } from './pointer-claims.ts';
import { RoomSurvey } from './room-survey.ts';
import { StandIns } from './stand-ins.ts';

interface Parts {
  readonly intake: Intake;
  readonly leaseDesk: LeaseDesk;
  readonly losses: LossNotices;
  readonly proofs: HoldingProofs;
}

export class Diverting {
  readonly survey: RoomSurvey;
  readonly diversions: Diversions;
  readonly standIns: StandIns;
  readonly claims: PointerClaims;

  constructor(context: PastContext, { intake, leaseDesk, losses, proofs }: Parts, events: PointerEvents) {
    this.survey = new RoomSurvey(context);
    this.diversions = new Diversions(context, this.survey, losses);
    this.standIns = new StandIns(context, { intake, leaseDesk });
    this.claims = new PointerClaims(context, proofs, events);
  }

  nodeFailed(nodeId: NodeId): void {
    this.survey.nodeFailed(nodeId);
    this.standIns.nodeFailed(nodeId);
    this.diversions.nodeFailed(nodeId);
  }
}
