/**
 * A part of this machine's outside in a thread of its own: what is somebody else's company on AWS takes none of the market's
 * processor time here, and ends with this process however that ends.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { type BirpcReturn, createBirpc } from 'birpc';

type Functions = Record<string, (...args: never[]) => unknown>;
/** What the thread may tell: lines of the log. */
export type Host = { log: (message: string, details: object) => void };

const SILENT: Host = { log: () => undefined };

/** What every thread answers. */
type Stoppable = { stop: () => Promise<void> };

export type Thread<Theirs extends Stoppable> = {
  /** The thread's functions. They reject once it has ended. */
  ask: BirpcReturn<Theirs, Host>;
  /** Settles, with the reason, when the thread ends unasked. */
  lost: Promise<string>;
  /** Has it put its things in order, where it still can, and ends it. */
  stop: () => Promise<void>;
};

/** Starts the program of a file; its functions are those that it gives to `serve`. `data` is what it finds in `given`. */
export function startThread<Theirs extends Stoppable>(file: URL, data: unknown, host: Host = SILENT): Thread<Theirs> {
  const worker = new Worker(file, { workerData: data });
  let isEnding = false;
  const ask = createBirpc<Theirs, Host>(host, {
    post: (message: unknown) => worker.postMessage(message),
    on: (listener) => worker.on('message', listener),
    timeout: -1,
  });
  const lost = new Promise<string>((resolve) => {
    const tell = (why: string): void => {
      ask.$close(new Error(why));
      if (!isEnding) resolve(why);
    };
    worker.once('error', (error) => tell(`the thread of ${nameOf(file)} failed: ${String(error)}`));
    worker.once('exit', () => tell(`the thread of ${nameOf(file)} has ended`));
  });
  const stop = async (): Promise<void> => {
    isEnding = true;
    // One that is gone, or could not begin, has nothing left to put in order.
    await (ask as BirpcReturn<Stoppable, Host>).stop().catch(() => undefined);
    await worker.terminate();
  };
  return { ask, lost, stop };
}

const nameOf = (file: URL): string => file.pathname.split('/').at(-1) ?? '';

/** In the thread: answers what its starter asks. */
export function serve<Mine extends Functions>(mine: Mine): BirpcReturn<Host, Mine> {
  const port = parentPort;
  if (port === null) throw new Error('this file is the program of a thread: start it with startThread');
  return createBirpc<Host, Mine>(mine, {
    post: (message: unknown) => port.postMessage(message),
    on: (listener) => port.on('message', listener),
    timeout: -1,
  });
}

/** In the thread: what it was started with. */
export const given = <T>(): T => workerData as T;
