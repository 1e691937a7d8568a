/** The program of a thread that does as it is told, for tests of threads. */
import { given, serve } from '../../infra/local/thread.ts';

export type MortalThread = {
  given: () => Promise<unknown>;
  fail: () => Promise<void>;
  /** Never answers. */
  hang: () => Promise<void>;
  die: () => Promise<void>;
  stop: () => Promise<void>;
};

const host = serve<MortalThread>({
  given: async () => given<unknown>(),
  fail: async () => Promise.reject(new RangeError('as it was told')),
  hang: () => {
    void host.log.asEvent('it hangs', { since: 1 });
    return new Promise(() => undefined);
  },
  die: () => process.exit(1),
  stop: async (): Promise<void> => host.log('it stops', {}),
});
