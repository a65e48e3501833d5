// Frames a second of the Ring place with 200 nodes in the picture while things happen: `npm run bench:ring-view`. The page is the demo
// page (client/test/web/demo), whose peer tells of made-up events; the page itself is the real one. Prints what it measured.

import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromiumLaunch } from '../../support/chromium.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
const NODES = 200;
const EVENTS_PER_SECOND = 10;
const MEASURED_MS = 20_000;
/** Of Chromium's own counters, those that say what takes the time; seconds. */
const COUNTERS = ['TaskDuration', 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'] as const;

const server = await createServer({
  ...{ root: `${TOP}/client`, configFile: `${TOP}/vite.config.ts`, mode: 'production', logLevel: 'error' },
  server: { host: '127.0.0.1', hmr: false, watch: null },
});
const browser = await chromium.launch(chromiumLaunch());
try {
  await server.listen();
  const [origin] = server.resolvedUrls?.local ?? [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  for (const events of [0, EVENTS_PER_SECOND]) {
    await page.goto(`${origin}test/web/demo/?tabs=${NODES}&seen=${NODES}&busy=${events}#/ring`, { timeout: 0 });
    await page
      .locator('#ring .node')
      .nth(NODES - 1)
      .waitFor({ timeout: 0 });
    const before = await counters();
    const measured = await page.evaluate(frames, MEASURED_MS);
    const after = await counters();
    const spent = COUNTERS.map(
      (name) => `${name} ${Math.round((after[name] - before[name]) * (100_000 / MEASURED_MS))}%`,
    );
    console.log(`${events} events a second: ${JSON.stringify(measured)}; of the time: ${spent.join(', ')}`);
  }
  console.log(`Chromium ${browser.version()}, software rendering, load average ${loadavg()[0]?.toFixed(1)}`);

  async function counters(): Promise<Record<(typeof COUNTERS)[number], number>> {
    const { metrics } = await session.send('Performance.getMetrics');
    const metricOf = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return {
      TaskDuration: metricOf('TaskDuration'),
      ScriptDuration: metricOf('ScriptDuration'),
      LayoutDuration: metricOf('LayoutDuration'),
      RecalcStyleDuration: metricOf('RecalcStyleDuration'),
    };
  }
} finally {
  await browser.close();
  await server.close();
}

/** In the page. */
async function frames(durationMs: number) {
  const long: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) long.push(Math.round(duration));
  });
  observer.observe({ type: 'longtask' });
  const gaps: number[] = [];
  const start = performance.now();
  let last = start;
  while (last - start < durationMs) {
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    gaps.push(now - last);
    last = now;
  }
  observer.disconnect();
  gaps.sort((a, b) => a - b);
  const [medianGapMs, p99GapMs] = [0.5, 0.99].map(
    (part) => Math.round((gaps[Math.floor(gaps.length * part)] ?? 0) * 10) / 10,
  );
  return {
    framesPerSecond: Math.round((gaps.length / (last - start)) * 10_000) / 10,
    ...{ medianGapMs, p99GapMs, longTasks: long.length, longestMs: Math.max(0, ...long) },
  };
}
