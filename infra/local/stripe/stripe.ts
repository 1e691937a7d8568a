/** The stand-in for Stripe on one machine: an HTTP server that the official SDK talks to, over a store that lasts. */
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../shared/kernel/time.ts';
import { LOOPBACK } from '../connection.ts';
import { isFromHere } from '../front.ts';
import type { HttpAnswer } from '../http-event.ts';
import { type Answer, answer, contextParts, type Fault, type Incoming, one, type Server } from './answer.ts';
import { Context, type Destination } from './context.ts';
import { StripeRefusal } from './errors.ts';
import { standInPage } from './pages.ts';
import { readParams } from './params.ts';
import { Presenter } from './present.ts';
import type { Resource } from './resource.ts';
import { thinOf } from './resources/events.ts';
import { RESOURCES } from './resources.ts';
import { routesOf } from './routes.ts';
import { Store } from './store.ts';
import { openFaults, type Switches } from './switches.ts';
import { openWebhooks } from './webhooks.ts';

/** What the SDK 23.1.0 asks for. */
export const API_VERSION = '2026-10-28.endive';

export type StandIn = {
  port: number;
  /** The key that it takes; any other is refused. */
  key: string;
  url: string;
  switches: Switches;
  /** Where webhooks go from now on. */
  deliverTo: (destinations: readonly Destination[]) => void;
  stop: () => Promise<void>;
};
export type StandInOptions = {
  /** A file, or `:memory:`. */
  database: string;
  clock: Clock;
  /** 0: any free one; left out: the one of the last time, where it is free, so that old links still lead somewhere. */
  port?: number;
  key?: string;
  /** Makes the ids of a new store repeatable. */
  seed?: string;
  resources?: readonly Resource[];
  destinations?: readonly Destination[];
  log?: (message: string, details: object) => void;
  /** Sees every request of the API with its answer. */
  observe?: (incoming: Incoming, answer: Answer) => void;
};

export const LOCAL_KEY = 'sk_test_parley_local_stand_in';
const LARGEST_BODY_BYTES = 4_000_000;
/** How often the clock is looked at where nobody asks. */
const LOOK_MS = 1_000;

/** Starts the stand-in; everything it answered before is there again. */
export async function startStripe(options: StandInOptions): Promise<StandIn> {
  const resources = options.resources ?? RESOURCES;
  const store = new Store(options.database, options.seed);
  const presenter = new Presenter(resources);
  const faults = openFaults();
  const site = { url: '', destinations: options.destinations ?? [] };
  const server: Server = {
    store,
    routes: routesOf(resources.flatMap((resource) => resource.routes ?? [])),
    presenter,
    key: options.key ?? LOCAL_KEY,
    apiVersion: API_VERSION,
    url: () => site.url,
    now: () => Math.floor(options.clock.now() / 1_000),
    destinations: () => site.destinations,
  };
  store.run('DELETE FROM answers WHERE until <= ?', server.now());
  const log = options.log ?? (() => undefined);
  const webhooks = openWebhooks({
    store,
    now: server.now,
    destinations: server.destinations,
    payload: (event, destination) => payloadOf(server, event, destination),
    log,
  });
  const tick = (): void => {
    workJobs(server, resources);
    webhooks.wake();
  };
  const act: Switches['act'] = (name, params = {}) => {
    tick();
    const done = actOn(server, resources, name, params);
    webhooks.wake();
    return done;
  };
  const local = (incoming: Incoming): HttpAnswer => {
    tick();
    const answered = localAnswer(server, incoming, act);
    webhooks.wake();
    return answered;
  };
  const inUse = new Set<string>();
  const http = createServer({ keepAlive: true, noDelay: true }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      log('the stand-in failed', { path: request.url, error });
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { type: 'api_error', message: String(error) } }));
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const incoming = await read(request);
    if (incoming === undefined) return void response.writeHead(413).end();
    if (!incoming.path.startsWith('/v')) return write(response, local(incoming));
    const fault = faults.next(incoming);
    const key = one(incoming.headers['idempotency-key']);
    const isTaken = key !== undefined && inUse.has(key);
    if (typeof fault === 'object' && !isTaken) {
      if (key !== undefined) inUse.add(key);
      await sleep(fault.slowMs);
      if (key !== undefined) inUse.delete(key);
    }
    const plain: Fault | undefined = isTaken ? 'conflict' : typeof fault === 'object' ? undefined : fault;
    if (plain === 'cut_before') return void response.destroy();
    tick();
    const answered = answer(server, incoming, plain);
    options.observe?.(incoming, answered);
    webhooks.wake();
    if (plain === 'cut_after_commit') return void response.destroy();
    write(response, answered);
  };
  const port = await listen(http, options.port, store);
  site.url = `http://${LOOPBACK}:${port}`;
  const timer = setInterval(tick, LOOK_MS);
  timer.unref();
  return {
    port,
    key: server.key,
    url: site.url,
    switches: {
      fault: faults.fault,
      faults: faults.faults,
      webhooks: webhooks.decide,
      release: webhooks.release,
      hasDue: webhooks.hasDue,
      settled: webhooks.settled,
      tick,
      act,
    },
    deliverTo: (destinations) => {
      site.destinations = destinations;
      webhooks.wake();
    },
    stop: async () => {
      clearInterval(timer);
      await webhooks.stop();
      await close(http);
      store.close();
    },
  };
}

/** Does what has become due, each in a transaction of its own and at its own time. */
function workJobs(server: Server, resources: readonly Resource[]): void {
  const { store } = server;
  for (;;) {
    const due = store.dueJob(server.now());
    if (due === undefined) return;
    const work = resources.map((resource) => resource.jobs?.[due.name]).find((found) => found !== undefined);
    if (work === undefined) throw new Error(`No resource has the job ${due.name}`);
    store.transaction(() => {
      const call = { account: due.account, requestId: null, idempotencyKey: null, now: due.at };
      work(new Context(contextParts(server, call)), JSON.parse(due.data) as never);
      store.run('DELETE FROM jobs WHERE seq = ?', due.seq);
    });
  }
}

function actOn(server: Server, resources: readonly Resource[], name: string, params: Record<string, unknown>): unknown {
  const action = resources.map((resource) => resource.actions?.[name]).find((found) => found !== undefined);
  if (action === undefined) throw new Error(`The stand-in has no action ${name}`);
  const read = readParams(action.schema, params);
  let refusal: StripeRefusal | undefined;
  const done = server.store.transaction(() => {
    const context = new Context(contextParts(server, { account: '', requestId: null, idempotencyKey: null }));
    try {
      return server.presenter.answer(context, action.act(context, read as never), []);
    } catch (error) {
      if (!(error instanceof StripeRefusal) || !error.keeps) throw error;
      refusal = error;
      return undefined;
    }
  });
  if (refusal !== undefined) throw refusal;
  return done;
}

/** A snapshot as it was; of a thin event only what says where to ask. */
function payloadOf(server: Server, event: string, destination: Destination['id']): string | undefined {
  const isThin = destination.startsWith('thin');
  const found = server.store.get(isThin ? 'v2.core.event' : 'event', event, '');
  if (found === undefined) return undefined;
  return JSON.stringify(found.object === 'v2.core.event' ? thinOf(found) : { ...found, pending_webhooks: 1 });
}

/** Pages and their buttons, for this machine only: no page of another site may press one. */
function localAnswer(server: Server, incoming: Incoming, act: Switches['act']): HttpAnswer {
  const json = (status: number, body: unknown): HttpAnswer => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!isFromHere({ headers: incoming.headers }))
    return json(403, { error: { message: 'This is served to this machine only.' } });
  const [, name] = /^\/local\/actions\/(\w+)$/.exec(incoming.path) ?? [];
  if (incoming.method === 'POST' && name !== undefined) {
    try {
      return json(200, act(name, JSON.parse(incoming.body || '{}') as Record<string, unknown>) ?? {});
    } catch (error) {
      if (!(error instanceof StripeRefusal) && !(error instanceof SyntaxError)) throw error;
      return json(error instanceof StripeRefusal ? error.status : 400, { error: { message: error.message } });
    }
  }
  const context = new Context(contextParts(server, { account: '', requestId: null, idempotencyKey: null }));
  return (
    (incoming.method === 'GET' ? standInPage(context, incoming.path) : undefined) ??
    json(404, { error: { message: 'There is nothing here. Go to /.' } })
  );
}

async function read(request: IncomingMessage): Promise<Incoming | undefined> {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

function write(response: ServerResponse, { status, headers, body }: Answer | HttpAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}

async function listen(server: HttpServer, wanted: number | undefined, store: Store): Promise<number> {
  const last = Number(store.one("SELECT value FROM settings WHERE name = 'port'")?.value ?? 0);
  await listenOn(server, wanted ?? last).catch((error: NodeJS.ErrnoException) => {
    if (wanted !== undefined || error.code !== 'EADDRINUSE') throw error;
    return listenOn(server, 0);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : last;
  store.run("INSERT OR REPLACE INTO settings VALUES ('port', ?)", String(port));
  return port;
}

async function listenOn(server: HttpServer, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: HttpServer): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
