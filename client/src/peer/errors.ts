// The one error of the public API: a code for programs, a message for people, the cause for developers.

export type PeerErrorCode =
  | 'bad-id'
  | 'bad-link'
  | 'bad-name'
  | 'bad-time'
  | 'not-found'
  | 'not-owner'
  | 'corrupt'
  | 'wrong-key'
  | 'timed-out'
  | 'full'
  | 'too-large'
  | 'left'
  | 'not-active'
  | 'storage'
  | 'discovery-unreachable'
  | 'ring-key-changed'
  | 'ring-closed'
  | 'aborted';

export class PeerError extends Error {
  readonly code: PeerErrorCode;

  /** `message` says what happened and what to do. */
  constructor(code: PeerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PeerError';
    this.code = code;
  }
}
