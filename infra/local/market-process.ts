/**
 * The marketplace in a process of its own, for whoever drives it hard over HTTP: the driver and the market then share
 * nothing but the port. `forkMarket` starts it; run as a program, this file is that process.
 */
import { fork } from 'node:child_process';
import * as z from 'zod';
import { CannotStart } from './cannot-start.ts';
import { openMarketplace } from './marketplace.ts';

const START_MS = 60_000;
const STOP_MS = 20_000;
/** A market whose driver was killed needs a moment to notice and let its folder go. */
const OWNER_TRIES = 10;
const OWNER_PAUSE_MS = 500;

const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), baseUrl: z.string() }),
  z.object({ kind: z.literal('cannot start'), why: z.string() }),
]);
type Message = z.infer<typeof Message>;

export type MarketProcess = {
  baseUrl: string;
  /** Settles, with the reason, when the process ends unasked. */
  lost: Promise<string>;
  /** Stops the market and waits for its end; repeating it waits for the same end. */
  stop: () => Promise<void>;
};

/** Starts a marketplace on a free port. It ends with this process, however this one ends. Throws `CannotStart`. */
export async function forkMarket(options: { dataFolder: string; fresh: boolean }): Promise<MarketProcess> {
  const child = fork(import.meta.filename, [options.dataFolder, options.fresh ? 'fresh' : 'keep'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A young generation that holds a step's garbage spares most of the collecting.
    execArgv: [...process.execArgv, '--max-semi-space-size=64'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`the market's process ended with ${signal ?? `status ${code}`}`));
  });
  const opened = new Promise<Message>((resolve) => {
    child.once('message', (message) => resolve(Message.parse(message)));
  });
  const failed = (why: string): Message => ({ kind: 'cannot start', why });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Message>((resolve) => {
    timer = setTimeout(() => resolve(failed(`The market did not start within ${START_MS / 1_000} s.`)), START_MS);
  });
  const answer = await Promise.race([opened, ended.then(failed), late]);
  clearTimeout(timer);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(kill);
  };
  if (answer.kind === 'open') return { baseUrl: answer.baseUrl, lost: ended, stop };
  await stop();
  throw new CannotStart(answer.why);
}

/** The process itself: opens the market, says where it is, and stops when its driver lets go. */
async function runMarket(dataFolder: string, fresh: boolean): Promise<void> {
  const letGo = new Promise<void>((resolve) => {
    process.once('disconnect', resolve);
    process.once('SIGTERM', resolve);
  });
  // Ctrl-C reaches every process of the terminal; the driver decides what it means.
  process.on('SIGINT', () => {});
  const tell = (message: Message): void => void process.send?.(message);
  try {
    const market = await openPatiently(dataFolder, fresh);
    tell({ kind: 'open', baseUrl: market.baseUrl });
    await Promise.race([letGo, market.lost]);
    await market.stop();
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    tell({ kind: 'cannot start', why: error.message });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

async function openPatiently(dataFolder: string, fresh: boolean): ReturnType<typeof openMarketplace> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openMarketplace({ dataFolder, port: 0, fresh });
    } catch (error) {
      const isOwned = error instanceof CannotStart && error.reason === 'owned';
      if (!isOwned || attempt === OWNER_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, OWNER_PAUSE_MS));
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  const [, , dataFolder = '', fresh = ''] = process.argv;
  await runMarket(dataFolder, fresh === 'fresh');
}
