// A worker's script: computes what bulk-thread.ts hands over, and answers through the port that came with it.

import { type BulkAnswer, type BulkWork, bulkResult } from './bulk-work.ts';

addEventListener('message', ({ data, ports: [port] }: MessageEvent<BulkWork>) => {
  void bulkResult(data).then((result) => {
    const answer: BulkAnswer = { result };
    port?.postMessage(answer, result === undefined ? [] : [result.buffer]);
  });
});
