/**
 * A small market that can be photographed: everything its tables hold, its time, and what its people remember. A step is
 * one command or some time that passes with its sweeps; what it sends is consumed before the next one begins.
 */
import { randomBytes } from 'node:crypto';
import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { handler as deliveries } from '../../../functions/queue/deliveries.ts';
import { hurrier, provideRuntime, type Runtime } from '../../../functions/runtime.ts';
import { allDue, runDue } from '../../../functions/sweeps.ts';
import { createTables, dropTables, type TableNames, tableClient, tableNames } from '../../../infra/local/tables.ts';
import type { MarketDue } from '../../../shared/dispatch/due.ts';
import type { Call } from '../../../shared/kernel/call.ts';
import { canonicalJson } from '../../../shared/kernel/hash.ts';
import type { QueueName } from '../../../shared/kernel/message.ts';
import { type Item, keyText, type TableConfig, type TableId, Tables } from '../../../shared/kernel/table.ts';
import { everyItem } from '../../support/every-item.ts';
import { TERMS, TestMarket } from '../../support/round.ts';
import { type Fault, Process, Step } from './faults.ts';

/** A command as its sender makes it, with what it remembers of earlier answers. Answers as the API would: `ok`, or the code. */
export type Command = (call: Call, notes: Notes, process: Process) => Promise<string>;
export type Notes = Record<string, string>;
export type FlowStep = {
  name: string;
  /** Absent where time passes. */
  command?: Command;
  /** Time that goes by before the sweeps run. */
  passMs?: number;
  /** It may come a second time beside itself, or after what follows it. A claim never does: it would take other work. */
  mayComeAtOnce?: boolean;
  mayComeLate?: boolean;
  /** What a process that dies in it may lose for good. */
  mayLose?: 'a slot' | 'capacity';
};

/** Items by table and key; `text` says the same of the same item, in whatever order the engine returns its attributes. */
export type Stored = ReadonlyMap<string, { table: TableId; item: Item; text: string }>;
export type Photo = { stored: Stored; now: number; notes: Notes };
/** How the messages and sweeps of a run go; without one, in order and once. */
export type Weather =
  | 'messages lost'
  | 'messages twice'
  | 'messages late and in reverse'
  | 'sweeps in reverse, two at once';

const SIGNING_KEY = new Uint8Array(32).fill(9);
/** Every resolution is drawn for audit, so that the draw is no matter of chance. */
const FLOW_TERMS = { ...TERMS, auditBps: 10_000 };
const TABLES: readonly TableId[] = ['market', 'requests', 'ledger'];
/** A client, and a queue, send again as often. */
const MOST_TRIES = 3;

export class World {
  readonly market: TestMarket;
  readonly config: TableConfig;
  notes: Notes = {};
  weather: Weather | undefined;
  /** The process that serves everything, where one does. */
  private only: Process | undefined;
  private readonly mailbox: { queue: QueueName; body: unknown }[] = [];
  /** What is stored, where nothing ran since it was looked at. */
  private stored: Stored | undefined;
  private readonly names: TableNames;
  private readonly close: () => void;

  private constructor(endpoint: string, names: TableNames) {
    const connection = tableClient(endpoint, { signs: false });
    this.names = names;
    this.config = { client: connection.client, names };
    this.close = connection.close;
    this.market = new TestMarket(new Tables(this.config), FLOW_TERMS);
  }

  static async open(endpoint: string): Promise<World> {
    const names = tableNames(`flow${randomBytes(5).toString('hex')}`);
    const world = new World(endpoint, names);
    await createTables(world.config.client, names);
    return world;
  }

  async end(): Promise<void> {
    await dropTables(this.config.client, this.names);
    this.close();
  }

  /** Everything that is stored, with the time and what people remember. */
  async photograph(): Promise<Photo> {
    const found = new Map<string, { table: TableId; item: Item; text: string }>();
    const tables = new Tables(this.config);
    for (const table of TABLES)
      for (const item of await everyItem(tables, table))
        found.set(`${table}|${keyText(item)}`, { table, item, text: canonicalJson(item) });
    this.stored = found;
    return { stored: found, now: this.market.now, notes: { ...this.notes } };
  }

  /** Makes everything as it was on a photo. */
  async restore(photo: Photo): Promise<void> {
    const stored = this.stored ?? (await this.photograph()).stored;
    const writes: { table: TableId; request: WriteRequest }[] = [];
    for (const [key, { table, item }] of stored)
      if (!photo.stored.has(key))
        writes.push({ table, request: { DeleteRequest: { Key: marshall({ pk: item.pk, sk: item.sk }) } } });
    for (const [key, { table, item, text }] of photo.stored)
      if (stored.get(key)?.text !== text) writes.push({ table, request: { PutRequest: { Item: marshall(item) } } });
    for (let i = 0; i < writes.length; i += 25) {
      const some = Map.groupBy(writes.slice(i, i + 25), ({ table }) => this.names[table]);
      const RequestItems = Object.fromEntries(
        [...some].map(([name, group]) => [name, group.map((one) => one.request)]),
      );
      await this.config.client.send(new BatchWriteItemCommand({ RequestItems }));
    }
    this.stored = photo.stored;
    this.market.now = photo.now;
    this.notes = { ...photo.notes };
    this.mailbox.length = 0;
  }

  /**
   * Runs a step; with a fault, what it strikes is made again by who made it: a client sends its command again, a queue its
   * message, the next minute its sweep. Answers what the command came to, and the calls it took.
   */
  async run(step: FlowStep, fault?: Fault): Promise<{ answer: string; meter: Step }> {
    const meter = new Step(fault);
    let answer = '';
    if (step.passMs !== undefined) {
      this.stored = undefined;
      this.market.now += step.passMs;
      await this.market.step();
      if (this.weather?.startsWith('messages late')) await this.consume(meter);
      await this.sweep(meter);
    }
    const { command } = step;
    if (command !== undefined) answer = await this.send(meter, command);
    if (!this.weather?.startsWith('messages late')) await this.consume(meter);
    return { answer, meter };
  }

  /** Runs steps in which nothing happens, each in one process, which is what they mostly meet. */
  async goOn(steps: readonly FlowStep[]): Promise<void> {
    for (const step of steps) {
      this.only = new Process(this.config, this.mailbox, new Step());
      await this.run(step);
    }
    this.only = undefined;
  }

  /** Sends a command until it is answered. */
  async send(meter: Step, command: Command): Promise<string> {
    return this.invoke(meter, (process) => {
      const call: Call = {
        tables: process.tables.metered(),
        now: this.market.now,
        hurry: hurrier(this.runtime(process)),
      };
      return command(call, this.notes, process);
    });
  }

  /** Runs all that may be due. */
  private async sweep(meter: Step): Promise<void> {
    const now = this.market.now;
    const all = (await allDue(new Tables({ ...this.config }), now)).filter(
      ({ due, at }) => at <= now && due.kind !== 'rounds',
    );
    const run = ({ due }: { due: MarketDue }) =>
      this.invoke(meter, (process) => runDue(this.runtime(process), due, now));
    if (!this.weather?.startsWith('sweeps')) for (const due of all) await run(due);
    else for (const due of all.reverse()) await Promise.all([run(due), run(due)]);
  }

  /** Brings messages to their consumers, until none is left. */
  private async consume(meter: Step): Promise<void> {
    meter.isConsuming = true;
    for (let turn = 0; this.mailbox.length > 0; turn++) {
      if (turn > 20) throw new Error('messages never end');
      const some = this.mailbox.splice(0);
      if (this.weather === 'messages lost') return;
      if (this.weather !== undefined) some.reverse();
      for (const message of this.weather === 'messages twice' ? some.flatMap((one) => [one, one]) : some)
        await this.invoke(meter, (process) => this.consumeOne(process, message));
    }
  }

  private async consumeOne(process: Process, { queue, body }: { queue: QueueName; body: unknown }): Promise<void> {
    const runtime = this.runtime(process);
    if (queue === 'sweeps') {
      await runDue(runtime, body as MarketDue, this.market.now);
      return;
    }
    if (queue !== 'deliveries') throw new Error(`no flow sends to ${queue}`);
    provideRuntime(runtime);
    const record = { messageId: 'message', eventSourceARN: queue, body: JSON.stringify(body) };
    const { batchItemFailures } = await deliveries({ Records: [record] } as never);
    if (batchItemFailures.length > 0) throw new Error('a message failed');
  }

  private async invoke<T>(meter: Step, work: (process: Process) => Promise<T>): Promise<T> {
    this.stored = undefined;
    meter.invocation += 1;
    let process = this.only ?? new Process(this.config, this.mailbox, meter);
    for (let attempt = 1; ; attempt++) {
      const struckBefore = meter.hasStruck;
      try {
        const answer = await work(process);
        // Who dies while it sends a message answers nothing either.
        if (!process.isDead) return answer;
      } catch (error) {
        if (struckBefore || !meter.hasStruck || attempt === MOST_TRIES) throw error;
      }
      if (process.isDead) process = new Process(this.config, this.mailbox, meter);
    }
  }

  private runtime(process: Process): Runtime {
    const nowhere = () => {
      throw new Error('no flow needs this');
    };
    return {
      tables: process.tables,
      clock: { now: () => this.market.now },
      send: process.send,
      deadLetters: { list: async () => [], redrive: async () => [] },
      verifyToken: nowhere,
      signingKey: SIGNING_KEY,
      // The organisations' endpoints, which take everything.
      webhooks: {
        refuse: () => undefined,
        send: async () => ({ status: 204, cause: null, latencyMs: 0, response: '', retryAfterMs: null }),
      },
      receiptKeys: nowhere,
      stripeAccess: nowhere,
      stripeSecrets: nowhere,
      mail: { isConfigured: false, send: nowhere },
      siteUrl: () => 'https://parley.example',
      files: { signUpload: nowhere, readUpload: nowhere, keep: nowhere, signDownload: nowhere, remove: nowhere },
      recordConsumption: () => undefined,
      log: () => undefined,
    };
  }
}
