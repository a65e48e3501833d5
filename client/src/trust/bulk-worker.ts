// A worker's script: computes what bulk-thread.ts hands over, and answers through the port that came with it.

import { type BulkAnswer, type BulkWork, bulkResult } from './bulk-work.ts';

addEventListener('message', ({ data, ports: [port] }: MessageEvent<BulkWork>) => {
  void bulkResult(data).then((result) => {
    if (result === undefined) return port?.postMessage({ result } satisfies BulkAnswer);
    const isGiven = data.kind === 'sha256' && data.isGiven;
    const answer: BulkAnswer = isGiven ? { result, back: data.bytes } : { result };
    port?.postMessage(answer, isGiven ? [result.buffer, data.bytes.buffer] : [result.buffer]);
  });
});
