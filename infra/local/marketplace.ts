/**
 * The whole marketplace in one process over one data folder: the same functions, tables and queues as on AWS. One at a
 * time in a process, since the functions know one runtime.
 */
import { provideRuntime, type Runtime } from '../../functions/runtime.ts';
import { webhookGateway } from '../../shared/gateways/webhooks.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { Tables } from '../../shared/kernel/table.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import type { PublicQueue, PublicRound } from '../../shared/queue/queue.ts';
import { type AuthEndpoints, authEndpoints } from './auth.ts';
import { CannotStart } from './cannot-start.ts';
import { type MarketClock, openClock } from './clock.ts';
import { LOOPBACK } from './connection.ts';
import { type Consumers, startConsumers } from './consumers.ts';
import { type ConsumptionReport, type Meter, newMeter } from './consumption.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { type Engines, startEngines } from './engines.ts';
import { type FolderFiles, folderFiles } from './files.ts';
import { type Front, type FrontParts, startFront } from './front.ts';
import { Gate } from './gate.ts';
import { checkHealth } from './health.ts';
import { httpAnswer, httpEvent } from './http-event.ts';
import { type Issuer, openIssuer } from './issuer.ts';
import { contextOf, type Handler, type Invoke, invoker } from './lambda.ts';
import { localHandler, UNGATED } from './local-routes.ts';
import { isRealStripe, type LocalStripe, openStripe, stripeWebhookPath } from './local-stripe.ts';
import { type Log, openLog } from './log.ts';
import { loadMarket, type MarketParts } from './market-parts.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { type PageParts, pages } from './pages.ts';
import { Scheduler } from './scheduler.ts';
import { openSecrets } from './secrets.ts';
import { type WebSite, webSite } from './web.ts';

export type MarketplaceOptions = {
  dataFolder: string;
  /** 0: any free port. */
  port: number;
  /** Empties the data folder first. */
  fresh?: boolean;
  /** Takes warnings and errors; standard error where left out. */
  terminal?: (line: string) => void;
  /** The folder of the built web app; without it `/` is a plain page. */
  web?: string;
  /** What to carry; tests give parts of their own. */
  load?: (runtime: Runtime) => Promise<MarketParts>;
};

export type Marketplace = {
  baseUrl: string;
  folder: DataFolder;
  runtime: Runtime;
  clock: MarketClock;
  /** Moves the market clock to an instant; see `Scheduler.advance`. */
  advance: (toMs: number) => Promise<Result<{ complete: boolean }, 'clock_goes_forward'>>;
  consumption: () => ConsumptionReport;
  log: Log;
  /** Says on the page and in the health what goes on besides; null takes it back. */
  announce: (notice: string | null) => void;
  /** Where the stand-in for Stripe has its pages; null where it is Stripe itself, and the market clock is real time. */
  standInUrl: string | null;
  /** Settles, with the reason, when a part is lost that nothing works without. */
  lost: Promise<string>;
  /** Stops everything that was started, in seconds at the most. Repeating it waits for the same end. */
  stop: () => Promise<void>;
};

const LOG_FILE = 'parley.log';
const FILES_FOLDER = 'files';

/** Opens a data folder and starts its marketplace; where a part cannot start, what had started is stopped again. */
export async function openMarketplace(options: MarketplaceOptions): Promise<Marketplace> {
  const stops: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      for (const end of stops.splice(0).reverse()) await end();
    })();
    return stopping;
  };
  try {
    return await open(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  options: MarketplaceOptions,
  stops: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Marketplace> {
  const folder = await openDataFolder(options.dataFolder, { fresh: options.fresh ?? false });
  stops.push(folder.release);
  const logFile = openLog(folder.file(LOG_FILE), options.terminal);
  stops.push(logFile.close);
  const { log } = logFile;
  const secrets = await openSecrets(folder);
  const issuer = await openIssuer(secrets.issuer);
  const engines = await startEngines(folder);
  stops.push(engines.stop);
  const files = folderFiles(folder.file(FILES_FOLDER), secrets.signingKey);
  await files.clean();
  const meter = newMeter();
  const clock = openClock(folder);
  if (isRealStripe()) refuseOtherTime(clock);
  const stripe = await openStripe({ folder, clock, log });
  stops.push(stripe.stop);
  const gate = new Gate();
  // The scheduler sees every write and the sweeps use the tables, so each learns of the other once both are there.
  let scheduler: Scheduler | undefined;
  const outbox = openOutbox(folder);
  // Known once the front listens, before anybody can ask for it.
  const site = { url: '' };
  const runtime: Runtime = {
    tables: new Tables({
      client: engines.client,
      names: engines.names,
      observe: (table, attributes) => scheduler?.observe(table, attributes),
      isAlone: true,
    }),
    clock,
    send: (queue, bodies) => engines.queues.send(queue, bodies),
    deadLetters: engines.queues.deadLetters,
    verifyToken: issuer.verify,
    signingKey: secrets.signingKey,
    webhooks: webhookGateway({ allowLoopback: true }),
    receiptKeys: async () => secrets.receiptKeys,
    stripeAccess: stripe.access,
    stripeSecrets: stripe.secrets,
    mail: outbox,
    siteUrl: () => site.url,
    files,
    recordConsumption: meter.record,
    log,
  };
  provideRuntime(runtime);
  const market = await (options.load ?? loadMarket)(runtime);
  const messages = stripe.withWebhooks(engines.queues);
  scheduler = new Scheduler({ clock, gate, sweeps: market.sweeps, messages, log });
  const base: Base = {
    stripe,
    files,
    outbox,
    engines,
    clock,
    gate,
    scheduler,
    issuer,
    meter,
    log,
    market,
    notice: { text: null },
    web: options.web === undefined ? undefined : webSite(options.web),
    auth: authEndpoints({ issuer, tables: runtime.tables }),
  };
  const front = await startAll(base, options.port, stops);
  site.url = `http://${LOOPBACK}:${front.port}`;
  const takesEvents = market.match('POST', stripeWebhookPath('snapshot-platform')) !== undefined;
  await stripe.marketIsAt(takesEvents ? site.url : null, market.stripeEvents);
  // First of all: what Stripe tells while the market stops waits for the next start.
  // A stand-in that is lost tells nothing any more, and holds up no other part's end.
  stops.push(() => stripe.marketIsAt(null).catch(() => undefined));
  log('info', 'the marketplace is open', { port: front.port, folder: folder.path, ...engines.endpoints });
  return {
    baseUrl: site.url,
    folder,
    runtime,
    clock,
    advance: (toMs) => base.scheduler.advance(toMs),
    consumption: meter.report,
    log,
    announce: (notice) => {
      base.notice.text = notice;
    },
    standInUrl: stripe.standInUrl,
    lost: Promise.race([engines.lost, stripe.lost]),
    stop,
  };
}

/** Stripe takes no other time than the real one, and a market's clock never goes back. */
function refuseOtherTime(clock: MarketClock): void {
  const isReal = clock.mode === null || (clock.mode === 'running' && Math.abs(clock.now() - Date.now()) < MINUTE);
  if (!isReal)
    throw new CannotStart(
      'STRIPE_SECRET_KEY is set, and Stripe knows real time only; the market clock of this data folder shows another. Choose a new folder with --data, or unset the key to use the stand-in.',
    );
}

type Base = {
  stripe: LocalStripe;
  files: FolderFiles;
  engines: Engines;
  clock: MarketClock;
  gate: Gate;
  scheduler: Scheduler;
  issuer: Issuer;
  meter: Meter;
  outbox: Outbox;
  log: Log;
  market: MarketParts;
  notice: { text: string | null };
  web: WebSite | undefined;
  auth: AuthEndpoints;
};

/** Consumers and scheduler before the front: who gets in finds everything at work. */
async function startAll(base: Base, port: number, stops: (() => Promise<void> | void)[]): Promise<Front> {
  const { engines, gate, scheduler, log, market } = base;
  const invoke = invoker(market.handlers);
  const consumers = startConsumers({ queues: engines.queues, invoke, gate, log });
  stops.push(() => consumers.stop());
  stops.push(() => scheduler.stop());
  await scheduler.start();
  const front = await startFront(port, frontParts(base, invoke, consumers));
  base.files.servedAt(`http://${LOOPBACK}:${front.port}`);
  stops.push(() => front.stop());
  // Before that: nobody waits for messages any more.
  stops.push(() => engines.queues.cancel());
  return front;
}

function frontParts(base: Base, invoke: Invoke, consumers: Consumers): FrontParts {
  const { clock, scheduler, issuer, meter, outbox, gate, log, market, stripe } = base;
  const isRealTime = stripe.standInUrl === null;
  const local = localHandler({ clock, scheduler, issuer, meter, outbox, isRealTime });
  const run: FrontParts['run'] = (name, event, requestId) =>
    name === 'local' ? runLocal(local, event, requestId) : invoke(`api-${name}`, event, requestId);
  const page = pages(pageParts(base, run, consumers));
  const files: FrontParts['files'] = (request, path) => base.files.answer(request, path);
  return { match: market.match, run, ungated: UNGATED, gate, page, auth: base.auth, files, log };
}

/** Longer than a step of the clock, the gate before it included. */
const LOCAL_TIMEOUT_MS = 30_000;

async function runLocal(local: Handler, event: unknown, requestId: string): Promise<unknown> {
  return local(event, contextOf('api-local', 1024, requestId, performance.now() + LOCAL_TIMEOUT_MS));
}

function pageParts(base: Base, run: FrontParts['run'], consumers: Consumers): PageParts {
  const { engines, clock, market, notice } = base;
  return {
    web: base.web,
    openApi: market.openApi,
    docsPage: market.docsPage,
    docsPolicy: market.docsPolicy,
    docsAssets: market.docsAssets,
    health: async () => ({
      ...(await checkHealth(engines, consumers)),
      ...(notice.text === null ? {} : { notice: notice.text }),
    }),
    listQueues: (cursor) =>
      read<PublicQueue>(run, '/v1/queues', {}, { limit: '100', ...(cursor === null ? {} : { cursor }) }),
    listRounds: async (queue) =>
      (await read<PublicRound>(run, '/v1/queues/{queue}/rounds', { queue }, { limit: '6' })).items,
    market: () => ({ nowMs: clock.now(), clockMode: clock.mode, notice: notice.text }),
  };
}

/** The page reads what everybody may read, the way everybody does. */
async function read<Item>(
  run: FrontParts['run'],
  path: string,
  params: Record<string, string>,
  query: Record<string, string>,
): Promise<{ items: Item[]; next: string | null }> {
  const call = {
    method: 'GET',
    path,
    query: new URLSearchParams(query).toString(),
    headers: { host: 'localhost' },
    body: undefined,
    sourceIp: LOOPBACK,
    requestId: 'page',
  };
  const event = httpEvent(call, { key: `GET ${path}`, params }, Date.now());
  const answer = httpAnswer(await run('market', event, call.requestId));
  if (answer.status !== 200) throw new Error(`GET ${path} answered the page with ${answer.status}`);
  return JSON.parse(String(answer.body)) as { items: Item[]; next: string | null };
}
