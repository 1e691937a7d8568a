/**
 * The bundled engine for the SQS protocol, in the thread that starts it: the marketplace gives it one of its own
 * (`sqs-thread.ts`), so it takes none of the market's time and never outlives its owner.
 *
 * The package's own start binds every network interface; an engine without credentials must not. So its parts are put
 * together here the way its start does it, with the same pinned version, and bound to the loopback interface.
 */
import type { buildApp } from 'fauxqs';
import { LOOPBACK } from './connection.ts';

export type SqsEngine = { endpoint: string; stop: () => Promise<void> };

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
type SqsStore = Stores['sqsStore'];
type Persistence = {
  load(...stores: unknown[]): void;
  close: () => void;
  db: { exec(sql: string): void };
};
type Parts = {
  buildApp: typeof buildApp;
  SqsStore: new () => SqsStore;
  SnsStore: new () => Stores['snsStore'];
  S3Store: new () => Stores['s3Store'];
  PersistenceManager: new (folder: string) => Persistence;
};

/** Starts the engine on a free port with its messages in `folder`, or in memory. */
export async function startSqsEngine(folder?: string): Promise<SqsEngine> {
  const parts = await loadParts();
  const stores = { sqsStore: new parts.SqsStore(), snsStore: new parts.SnsStore(), s3Store: new parts.S3Store() };
  const persistence = folder === undefined ? undefined : new parts.PersistenceManager(folder);
  if (persistence !== undefined) {
    // A commit is with the operating system before it is answered, which a killed process needs; messages only hurry, so
    // none waits for the disk.
    persistence.db.exec('PRAGMA synchronous = NORMAL');
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    Object.assign(stores.sqsStore, { persistence });
    for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
    letGo(stores.sqsStore);
  }
  const app = parts.buildApp({ logger: false, stores });
  const endpoint = await app.listen({ port: 0, host: LOOPBACK });
  return {
    endpoint,
    stop: async () => {
      // Long polls end first, or closing would wait for them.
      for (const queue of stores.sqsStore.allQueues()) queue.cancelWaiters();
      await app.close();
      persistence?.close();
    },
  };
}

/** Whoever held a message when the last process ended is gone with it: it is visible again at once. */
function letGo(store: SqsStore): void {
  for (const queue of store.allQueues())
    for (const held of queue.inflightMessages.values()) held.visibilityDeadline = Date.now();
}

async function loadParts(): Promise<Parts> {
  const root = import.meta.resolve('fauxqs');
  const load = async (file: string): Promise<Partial<Parts>> => import(new URL(file, root).href);
  const found = await Promise.all(
    ['./app.js', './sqs/sqsStore.js', './sns/snsStore.js', './s3/s3Store.js', './persistence.js'].map(load),
  );
  return Object.assign({}, ...found) as Parts;
}
