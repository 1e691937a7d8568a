import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testClient } from '../../../tests/support/stripe.ts';

const PROGRAM = `
import { startStripe } from ${JSON.stringify(fileURLToPath(new URL('./stripe.ts', import.meta.url)))};
const stripe = await startStripe({ database: process.argv[1], clock: { now: () => 1767225600000 }, key: 'sk_test_kill' });
process.stdout.write(String(stripe.port) + '\\n');`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-stand-in-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The stand-in in a process of its own, as it is when that process is killed. */
async function start(): Promise<{ stripe: ReturnType<typeof testClient>; kill: () => Promise<void> }> {
  const words = ['--input-type=module-typescript', '-e', PROGRAM, join(folder, 'stripe.sqlite')];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(Number(data.toString())));
    child.once('exit', () => reject(new Error('the stand-in did not start')));
  });
  return {
    stripe: testClient('sk_test_kill', port),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

it('has everything that it answered after its process was killed in the middle of work', async () => {
  const first = await start();
  const answered: string[] = [];
  // Many at once, so that the kill finds some before and some after their commit.
  const work = Array.from({ length: 200 }, async (_, n) => {
    const made = await first.stripe.customers.create({ name: `c${n}` }, { idempotencyKey: `k${n}` });
    answered.push(made.id);
    if (answered.length === 40) await first.kill();
  });
  await Promise.allSettled(work);
  await first.kill();
  expect(answered.length).toBeGreaterThanOrEqual(40);
  const second = await start();
  try {
    const before: string[] = [];
    for await (const { id } of second.stripe.customers.list({ limit: 100 })) before.push(id);
    expect(answered.filter((id) => !before.includes(id))).toEqual([]);
    // What was made but not answered comes back under its key, and nothing is made twice.
    for (let n = 0; n < 200; n++) await second.stripe.customers.create({ name: `c${n}` }, { idempotencyKey: `k${n}` });
    const names: (string | null | undefined)[] = [];
    for await (const { name } of second.stripe.customers.list({ limit: 100 })) names.push(name);
    expect(names.map(String).toSorted()).toEqual(Array.from({ length: 200 }, (_, n) => `c${n}`).toSorted());
    const events = await second.stripe.events
      .list({ limit: 100, types: ['customer.created'] })
      .autoPagingToArray({ limit: 1_000 });
    expect(events.length).toBe(200);
  } finally {
    await second.kill();
  }
});
