/**
 * `npm run measure:web`: what a first visit loads, against its limits, and how soon the largest thing on the page is there:
 * on this machine's own system, with the processor slowed down four times. Ends with 1 where a limit is passed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import * as z from 'zod';
import { CHROMIUM_FLAGS, findChromium, HOW_TO_GET_ONE } from '../../tests/browser/support/chromium.ts';
import { startSystem } from '../../tests/browser/support/system.ts';
import { builtWeb } from '../local/web-build.ts';

const KB = 1_024;
const LIMITS: Readonly<Record<string, { mostKb: number; what: string }>> = {
  'index.html': { mostKb: 300, what: 'the app' },
  'customer.html': { mostKb: 120, what: 'the customer’s page' },
};
const SLOWER = 4;
const LCP_LIMIT_MS = 1_500;
const PAGES = ['/', '/sign-in', '/welcome'];
const SETTLE_MS = 1_000;

const Manifest = z.record(
  z.string(),
  z.object({ file: z.string(), isEntry: z.boolean().optional(), imports: z.array(z.string()).optional() }),
);

const folder = await builtWeb(console.log);
const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')));
let isOver = false;
for (const [entry, { mostKb, what }] of Object.entries(LIMITS)) {
  if (manifest[entry] === undefined) {
    console.log(`${what}: not built`);
    continue;
  }
  const files = [...loadedFirst(entry)].map((name) => manifest[name]!.file);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
  isOver ||= bytes > mostKb * KB;
  const verdict = bytes > mostKb * KB ? 'TOO MUCH' : 'ok';
  console.log(
    `${what}: ${(bytes / KB).toFixed(1)} KB of JavaScript (gzip) before anything shows, limit ${mostKb}: ${verdict}`,
  );
}
await measurePaint();
process.exitCode = isOver ? 1 : 0;

/** An entry and all that it imports before it runs. */
function loadedFirst(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of manifest[name]?.imports ?? []) loadedFirst(next, seen);
  return seen;
}

async function measurePaint(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) return console.log(`No paint is measured. ${HOW_TO_GET_ONE}`);
  const running = process.env.BROWSER_URL;
  const system =
    running === undefined ? await startSystem({ isFresh: false }) : { baseUrl: running, stop: async () => undefined };
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  for (const path of PAGES) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.goto(`${system.baseUrl}${path}`, { waitUntil: 'networkidle' });
    await page.waitForTimeout(SETTLE_MS);
    const ms = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          new PerformanceObserver((list) => done(list.getEntries().at(-1)?.startTime ?? 0)).observe({
            type: 'largest-contentful-paint',
            buffered: true,
          });
        }),
    );
    const verdict = ms > LCP_LIMIT_MS ? 'slower than wanted' : 'ok';
    console.log(
      `${path}: largest paint after ${Math.round(ms)} ms, ${SLOWER}× slower processor, wanted ${LCP_LIMIT_MS}: ${verdict}`,
    );
    await context.close();
  }
  await browser.close();
  await system.stop();
}
