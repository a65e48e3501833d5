// What its user is told of a request that failed: what happened, and what to do.

import { MAX_RECORDS_AT_KEY, MAX_RECORDS_OF_STORER } from '../core/past/block.ts';
import type { RoomLeft } from '../core/past/room-survey.ts';
import type { Key } from '../core/pastry/id.ts';
import { PeerError } from './errors.ts';
import type { RequestOutput } from './requests.ts';

export function leftError(): PeerError {
  return new PeerError('left', 'this node has left the ring: reload the page to join again');
}

export function lookupError(output: RequestOutput, key: Key): PeerError {
  if (output.type === 'lookup-failed' && output.reason === 'left') return leftError();
  return new PeerError('timed-out', `nobody answered for ${key}; the ring may be repairing itself: try again`);
}

export function listError(output: RequestOutput): PeerError {
  if (output.type === 'list-failed' && output.reason === 'left') return leftError();
  return new PeerError('timed-out', 'nobody answered for this name; the ring may be repairing itself: try again');
}

export function storeError(output: RequestOutput): PeerError {
  const reason = output.type === 'store-failed' ? output.reason : 'timed-out';
  switch (reason) {
    case 'full':
      return new PeerError('full', fullText(output.type === 'store-failed' ? output.room : undefined));
    case 'too-many':
      return new PeerError(
        'bad-name',
        `${MAX_RECORDS_OF_STORER} files of this node’s have this name already, or ${MAX_RECORDS_AT_KEY} of all nodes, and more are not listed: give it another name`,
      );
    case 'malformed':
      return new PeerError('bad-name', 'the ring takes this for no name record: give the file another name');
    case 'unleased':
      return new PeerError(
        'timed-out',
        'the ring does not take the time for which this is to be kept: its nodes differ about the time. Try again in a few minutes',
      );
    case 'timed-out':
      return new PeerError('timed-out', 'the ring did not confirm the copies in time: try again');
    case 'left':
      return leftError();
  }
}

export function fetchError(output: RequestOutput | 'corrupt'): PeerError {
  const reason = output === 'corrupt' ? output : output.type === 'fetch-failed' ? output.reason : 'timed-out';
  switch (reason) {
    case 'not-found':
      return new PeerError(
        'not-found',
        'no node of this ring has it: check the link, or wait for its holders to return',
      );
    case 'corrupt':
      return new PeerError('corrupt', 'every copy that was found is damaged');
    case 'timed-out':
      return new PeerError('timed-out', 'no holder answered in time: try again');
    case 'left':
      return leftError();
  }
}

/** What its neighbours and this node say of themselves: a few nodes of perhaps many, so no more than that is claimed. */
function fullText(room: RoomLeft | undefined): string {
  const advice = 'free some, or let more tabs join';
  // Nobody has said it, or some disk's bound is not known: there is nothing to sum up.
  if (room === undefined || room.nodes === 0 || room.freeBytes >= Number.MAX_SAFE_INTEGER)
    return `the ring has no room for this: ${advice}`;
  const megabytes = Math.floor(room.freeBytes / 1e6).toLocaleString('en');
  const nodes = room.nodes === 1 ? 'this node has' : `the ${room.nodes} nodes around here have`;
  return `the ring has no room for this: ${nodes} ${megabytes} MB left, and none takes what would fill a tenth of its own: ${advice}`;
}
