/** `npm start`: the whole marketplace on this machine; on an empty data folder it fills a small demo market first. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { CannotStart } from '../local/cannot-start.ts';
import { type Marketplace, openMarketplace } from '../local/marketplace.ts';
import { builtWeb } from '../local/web-build.ts';
import { howToAct } from './how-to-act.ts';

const HELP = `npm start -- [options]

  --data DIR     the data folder (default .parley/main, or PARLEY_DATA)
  --port N       the port on 127.0.0.1 (default 4000, or PORT; 0: any free one)
  --fresh        empty the data folder first
  --no-web       no web app: it is neither built nor served
  --no-actors    no simulated companies, providers and customers
  --help         this text

AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_SQS name engines to use instead of the bundled ones.`;

type Options = { data: string; port: number; fresh: boolean; actors: boolean; web: boolean };
/** Why the command ends: its exit code and what it says; nothing where it was asked to. */
type End = { code: number; why: string };

/** Where the demo of a data folder stands; the file is missing where the folder has none. */
const DEMO_FILE = 'demo.state.json';
const DemoState = z.object({ state: z.enum(['filling', 'filled']) });

/** How long stopping may take before the process ends anyway. */
const STOP_TIMEOUT_MS = 15_000;
const LOST_GRACE_MS = 300;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  try {
    await run(options);
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

async function run(options: Options): Promise<void> {
  const ended = untilAskedToEnd();
  const { data: dataFolder, port, fresh } = options;
  const web = options.web ? { web: await builtWeb(console.log) } : {};
  const market = await openMarketplace({ dataFolder, port, fresh, ...web });
  console.log(`\nParley is at ${market.baseUrl}\n`);
  const lost = market.lost.then(async (how): Promise<End> => {
    // Ctrl-C reaches the whole process group, so the engine may be gone a moment before we know that we shall end.
    await new Promise((done) => setTimeout(done, LOST_GRACE_MS));
    return { code: 1, why: `The DynamoDB engine was lost: ${how}.` };
  });
  const actors = work(market, options);
  const failed = actors.then(
    () => new Promise<End>(() => {}),
    (error: unknown): End => {
      market.log('error', 'the demo failed', { error });
      const why = error instanceof Error ? error.message : String(error);
      return { code: 1, why: `The demo could not be filled: ${why}` };
    },
  );
  const end = await Promise.race([ended, lost, failed]);
  if (end.why !== '') console.error(`\n${end.why}`);
  setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
  // The market first: actors that still wait for it then end at once, and a demo half filled goes on at the next start.
  await market.stop();
  process.exit(end.code);
}

/** Fills the demo where the folder is new, says how to act, and sets the actors to work. */
async function work(market: Marketplace, options: Options): Promise<void> {
  if (market.standInUrl === null)
    return console.log('Stripe itself is in use: no demo, for its clock would have to move.');
  // A demo that was interrupted while it was being filled goes on where it was.
  const demoState = market.folder.readJson(DEMO_FILE, DemoState)?.state;
  if (market.folder.isNew || demoState === 'filling') await fill(market);
  console.log(howToAct(market));
  const hasDemo = market.folder.isNew || demoState !== undefined;
  if (!hasDemo || !options.actors || market.clock.mode === 'standing') return;
  const demo = await import('../local/demo/demo.ts');
  demo.runActors(demoMarket(market));
}

async function fill(market: Marketplace): Promise<void> {
  const demo = await import('../local/demo/demo.ts');
  market.folder.writeJson(DEMO_FILE, { state: 'filling' });
  const show = progressLine();
  await demo.fillDemo(demoMarket(market), (done, total, text) => {
    market.announce(`The demo market is being filled: ${Math.floor((100 * done) / Math.max(1, total))} %, ${text}`);
    show(done, total, text);
  });
  market.folder.writeJson(DEMO_FILE, { state: 'filled' }, { flush: true });
  market.announce(null);
}

function demoMarket(market: Marketplace): { baseUrl: string; dataFolder: string } {
  return { baseUrl: market.baseUrl, dataFolder: market.folder.path };
}

/** One line that renews itself on a terminal; elsewhere a line for every tenth part. */
function progressLine(): (done: number, total: number, text: string) => void {
  let shown = -1;
  return (done, total, text) => {
    const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
    if (process.stderr.isTTY) {
      const width = 28;
      const filled = Math.round((percent / 100) * width);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
      process.stderr.write(`\r\x1b[2KFilling the demo market ${bar} ${percent} % ${text.slice(0, 50)}`);
      if (done >= total) process.stderr.write('\n');
    } else if (percent >= shown + 10 || (done >= total && shown < 100)) {
      shown = percent;
      console.error(`Filling the demo market: ${percent} %, ${text}`);
    }
  };
}

function untilAskedToEnd(): Promise<End> {
  return new Promise((done) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => done({ code: 0, why: '' }));
  });
}

function readOptions(words: string[]): Options {
  const read = () =>
    parseArgs({
      args: words,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        actors: { type: 'boolean', default: true },
        web: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false },
      },
      allowNegative: true,
      strict: true,
    }).values;
  let values: ReturnType<typeof read>;
  try {
    values = read();
  } catch (error) {
    return refuse((error instanceof Error ? error.message : String(error)).split('. ')[0] ?? '');
  }
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const port = values.port ?? process.env.PORT ?? '4000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return refuse(`'${port}' is not a port (0 to 65535)`);
  const data = values.data ?? (process.env.PARLEY_DATA || '.parley/main');
  if (data.trim() === '') return refuse('--data needs a folder');
  return { data: resolve(data), port: Number(port), fresh: values.fresh, actors: values.actors, web: values.web };
}

function refuse(why: string): never {
  console.error(`${why}.\n\n${HELP}`);
  process.exit(1);
}

await main();
