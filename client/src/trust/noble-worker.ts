// A worker's script: computes what noble-thread.ts hands over, and answers through the port that came with it.

import { type NobleAnswer, type NobleWork, nobleResult } from './noble-work.ts';

addEventListener('message', ({ data, ports: [port] }: MessageEvent<NobleWork>) => {
  void nobleResult(data).then((result) => {
    const answer: NobleAnswer = { result };
    port?.postMessage(answer, result === undefined ? [] : [result.buffer]);
  });
});
