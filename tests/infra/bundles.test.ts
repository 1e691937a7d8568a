/** What Lambda gets: each function in one small file that runs with nothing installed beside it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundled, bundle } from '../../infra/stacks/bundle.ts';
import { type FunctionName, type FunctionSpec, functions } from '../../infra/topology.ts';
import { Synthesised } from './synthesised.ts';

const MOST_BYTES = 750_000;
const SOLVER = 'highs.wasm';
const MODEL = 'triage.model';
const MOST_MODEL_BYTES = 4_000_000;
const STRIPE = ['package.json', 'stripe.mjs', 'stripe.mjs.map'];
const PAGES = ['customer.html', 'index.html'];
const STRIPE_PROBE = 'tests/infra/stripe-probe.ts';
const PROBE = 'tests/infra/solver-probe.ts';
const run = promisify(execFile);
const names = Object.keys(functions) as FunctionName[];

let folder: string;
let made: Synthesised;
let bundles: Synthesised['bundles'];
let probe: Bundled;
let stripeProbe: Bundled;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-bundles-'));
  made = new Synthesised({ withCode: true });
  bundles = made.bundles;
  ({ probe, stripeProbe } = bundle({ probe: PROBE, stripeProbe: STRIPE_PROBE }, join(folder, 'probe')));
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  made.remove();
});

/** Runs a line in a Node process without environment, in a folder without packages; `code` is the bundle's module. */
async function inBareNode(at: string, line: string): Promise<string> {
  const program = `const code = await import(${JSON.stringify(pathToFileURL(join(at, 'index.mjs')).href)}); ${line}`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder, env: {} });
  return stdout.trim();
}

describe('bundles', () => {
  it(`are at most ${MOST_BYTES / 1_000} KB each, minified, the solver and Stripe’s SDK apart`, () => {
    const sizes = names.map((name) => ({ function: name, kilobytes: Math.round(bundles[name].bytes / 1_000) }));
    console.log(`Bundles, in KB: ${sizes.map((size) => `${size.function} ${size.kilobytes}`).join(', ')}`);
    for (const name of names) expect(bundles[name].bytes, name).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('have source maps, and the solver, the model and Stripe’s SDK where they are used and nowhere else', () => {
    for (const name of names) {
      const { folder: at, hasSolver, hasModel, hasStripe } = bundles[name];
      const expected = [
        'index.mjs',
        'index.mjs.map',
        ...(hasSolver ? [SOLVER] : []),
        ...(hasModel ? [MODEL] : []),
        ...(hasStripe ? STRIPE : []),
        ...(name === 'site' ? PAGES : []),
      ].sort();
      expect(readdirSync(at).sort(), name).toEqual(expected);
      expect(readFileSync(join(at, 'index.mjs'), 'utf8')).toContain('sourceMappingURL=index.mjs.map');
    }
    expect(names.filter((name) => bundles[name].hasSolver)).toEqual(['queue-clearing']);
    const callStripe = names.filter((name) => (functions[name] as FunctionSpec).stripe !== undefined);
    expect(names.filter((name) => bundles[name].hasStripe)).toEqual(callStripe);
    expect(names.filter((name) => bundles[name].hasModel)).toContain('api-company');
    expect(statSync(join(bundles['api-company'].folder, MODEL)).size).toBeLessThanOrEqual(MOST_MODEL_BYTES);
  });

  it('run on Node 24, as Lambda has it', () => {
    expect(process.version).toMatch(/^v24\./);
  });

  it.each(names)('%s is imported and gives its handler with nothing installed beside it', async (name) => {
    expect(await inBareNode(bundles[name].folder, 'console.log(typeof code.handler);')).toBe('function');
  });

  it('find the pages beside them, and give each a nonce of its own, by which alone styles may be made', async () => {
    const ask = (path: string) =>
      inBareNode(bundles.site.folder, `console.log(JSON.stringify(await code.handler({ rawPath: '${path}' })));`).then(
        (text) => JSON.parse(text) as { statusCode: number; headers: Record<string, string>; body: string },
      );
    const seen = new Set<string>();
    for (const [path, page] of [
      ['/', 'index.html'],
      ['/requests/co_1.REQ-2.2026', 'index.html'],
      ['/c/a.token', 'customer.html'],
    ] as const) {
      const { statusCode, headers, body } = await ask(path);
      const nonce = /^(\S+) ([\w-]{22})$/.exec(body)?.[2] ?? 'none';
      expect(statusCode).toBe(200);
      expect(body).toBe(`${page} ${nonce}`);
      expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(headers['content-security-policy']).not.toContain('unsafe-inline');
      seen.add(nonce);
    }
    expect(seen.size).toBe(3);
  });

  it('find Stripe’s SDK beside them', async () => {
    expect(await inBareNode(stripeProbe.folder, 'console.log(await code.load());')).toBe('function');
  });

  it('find the solver beside them and solve with it', async () => {
    const answer: unknown = JSON.parse(await inBareNode(probe.folder, 'console.log(await code.solve());'));
    // Ten units, each worth 5.00 and costing 3.00, in micro-units.
    expect(answer).toMatchObject({ steps: [0], boundMicros: 20_000_000 });
  });
});
