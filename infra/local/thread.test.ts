import { afterEach, expect, it, vi } from 'vitest';
import type { MortalThread } from '../../tests/support/mortal-thread.ts';
import { startThread, type Thread } from './thread.ts';

let thread: Thread<MortalThread>;
const log = vi.fn();
const start = (data: unknown = null) => {
  thread = startThread(new URL('../../tests/support/mortal-thread.ts', import.meta.url), data, { log });
  return thread;
};
afterEach(() => thread.stop());

it('finds what it was given, answers, refuses and tells', async () => {
  const shared = new BigInt64Array(new SharedArrayBuffer(8));
  const { ask } = start({ shared });
  expect(await ask.given()).toEqual({ shared });
  await expect(ask.fail()).rejects.toThrow('as it was told');
  void ask.hang().catch(() => undefined);
  await vi.waitFor(() => expect(log).toHaveBeenCalledWith('it hangs', { since: 1 }));
});

it('is lost when it ends unasked, and whoever waits for it is told', async () => {
  const { ask, lost } = start();
  const waiting = ask.hang();
  const told = expect(waiting).rejects.toThrow('mortal-thread.ts');
  void ask.die().catch(() => undefined);
  expect(await lost).toContain('mortal-thread.ts');
  await told;
  await expect(ask.given()).rejects.toThrow();
  // There is nothing to put in order any more, and nobody waits for it.
  await thread.stop();
});

it('puts its things in order when it is stopped, and is not lost', async () => {
  const { ask, lost, stop } = start();
  await ask.given();
  await stop();
  expect(log).toHaveBeenCalledWith('it stops', {});
  expect(await Promise.race([lost, new Promise((done) => setTimeout(done, 50, 'not lost'))])).toBe('not lost');
});
