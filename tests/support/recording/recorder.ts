/**
 * Writes down what each function of the topology asks of AWS while tests run it on the local engines: the action, on what, and
 * the beginning of the partition key. Nothing of it runs unless the environment names a folder for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Runtime } from '../../../functions/runtime.ts';
import type { MarketDue } from '../../../shared/dispatch/due.ts';
import { RECORDED_FOLDER } from './recorded.ts';

type State = { running: AsyncLocalStorage<string>; written: Set<string>; watchesTables: boolean };
const STATE = Symbol.for('parley.recorder');
const holder = globalThis as unknown as { [STATE]?: State };
/** One for all that a process has loaded, however often it loaded this file. */
holder[STATE] ??= { running: new AsyncLocalStorage(), written: new Set(), watchesTables: false };
const state: State = holder[STATE];

/** Notes a call of the function that runs now; nothing where none does. `leading` is how the partition key begins. */
function note(action: string, resource: string, leading = '-'): void {
  const name = state.running.getStore();
  if (name === undefined) return;
  const line = `${name}\t${action}\t${resource}\t${leading}\n`;
  if (state.written.has(line)) return;
  state.written.add(line);
  const folder = process.env[RECORDED_FOLDER] ?? '';
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.tsv`), line);
}

/** Runs work as a function; work inside another function's is that one's. */
async function as<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  await watchTables();
  if (state.running.getStore() !== undefined) return work();
  return state.running.run(name, work);
}

type Work = (...args: never[]) => unknown;

/** A handler that notes what it does under the name of its function. */
export const handlerOf =
  (name: string, handler: Work): Work =>
  (...args) =>
    as(name, () => handler(...args));

/** What is due is run by the sweeps' consumer, but for what schedules do themselves. */
const WHO_RUNS: Readonly<Partial<Record<MarketDue['kind'], string>>> = {
  rounds: 'schedule-rounds',
  imports: 'schedule-sweeps',
};
type RunDue = (runtime: Runtime, due: MarketDue, now: number) => Promise<unknown>;

/** What stands in the place of functions' other exports, by file and name; see `tagged.ts`. */
export const stands: Readonly<Record<string, (own: never) => Work>> = {
  'functions/runtime.ts provideRuntime': (own: (runtime: Runtime) => void) => (runtime: Runtime) =>
    own(watched(runtime)),
  'functions/sweeps.ts runDue': (own: RunDue) => (runtime: Runtime, due: MarketDue, now: number) =>
    as(WHO_RUNS[due.kind] ?? 'queue-sweeps', () => own(watched(runtime), due, now)),
  'functions/sweeps.ts allDue': (own: Work) => handlerOf('schedule-sweeps', own),
  'functions/finance.ts sweepFinance': (own: (runtime: Runtime, now: number) => unknown) => (runtime: Runtime, now) =>
    as('schedule-finance', () => own(watched(runtime), now)),
  // The client is kept for as long as its process, so that only the first who asks for it reads the key.
  'functions/stripe.ts stripeOf': (own: (runtime: Runtime) => unknown) => (runtime: Runtime) => {
    note('ssm:GetParameter', 'parameter:stripe-key');
    return own(runtime);
  },
};

const SIGNS: Readonly<Partial<Record<keyof Runtime, string>>> = {
  signingKey: 'signing-key',
  receiptKeys: 'receipt-keys',
  stripeSecrets: 'stripe-webhook-secrets',
};
/** What the gateway to a bucket asks of it; a link or form that is signed allows what its signer may. */
const OBJECTS: Readonly<Record<keyof Runtime['files'], readonly string[]>> = {
  signUpload: ['s3:PutObject'],
  readUpload: ['s3:GetObject', 's3:ListBucket'],
  keep: ['s3:PutObject'],
  signDownload: ['s3:GetObject'],
  remove: ['s3:DeleteObject'],
};

const seen = new WeakSet<Runtime>();
/** The same runtime, whose parts note that they are used; what a test puts in their place later does so too. */
function watched(runtime: Runtime): Runtime {
  if (seen.has(runtime)) return runtime;
  seen.add(runtime);
  for (const [part, parameter] of Object.entries(SIGNS) as [keyof Runtime, string][])
    watch(runtime, part, (value) => {
      note('ssm:GetParameter', `parameter:${parameter}`);
      return value;
    });
  watch(runtime, 'send', (send) => (queue, bodies) => {
    if (bodies.length > 0) note('sqs:SendMessage', `queue:${queue}`);
    return send(queue, bodies);
  });
  watch(runtime, 'deadLetters', (letters) => ({
    list: (queue, most) => {
      for (const action of ['ReceiveMessage', 'ChangeMessageVisibility']) note(`sqs:${action}`, `dead:${queue}`);
      return letters.list(queue, most);
    },
    redrive: (queue, ids) => {
      for (const action of ['ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage'])
        note(`sqs:${action}`, `dead:${queue}`);
      note('sqs:SendMessage', `queue:${queue}`);
      return letters.redrive(queue, ids);
    },
  }));
  watch(runtime, 'files', (files) => {
    const noting = Object.entries(files).map(([method, work]) => [
      method,
      (...args: never[]) => {
        for (const action of OBJECTS[method as keyof typeof OBJECTS] ?? []) note(action, 'bucket:files');
        return (work as Work).apply(files, args);
      },
    ]);
    return Object.fromEntries(noting) as Runtime['files'];
  });
  return runtime;
}

function watch<K extends keyof Runtime>(runtime: Runtime, part: K, noting: (value: Runtime[K]) => Runtime[K]): void {
  let value = runtime[part];
  Object.defineProperty(runtime, part, {
    enumerable: true,
    configurable: true,
    get: () => (state.running.getStore() === undefined ? value : noting(value)),
    set: (given: Runtime[K]) => {
      value = given;
    },
  });
}

type Attributes = Record<string, AttributeValue>;
type Keyed = { TableName?: string; IndexName?: string; Key?: Attributes; Item?: Attributes };
type Query = Keyed & { ExpressionAttributeValues?: Attributes };
type Transaction = { TransactItems?: Record<string, Keyed>[] };
type Batch = { RequestItems?: Record<string, { Keys?: Attributes[] }> };

/** The client of every table, in this process. */
async function watchTables(): Promise<void> {
  if (state.watchesTables) return;
  state.watchesTables = true;
  const { DynamoDBClient: client } = await import('@aws-sdk/client-dynamodb');
  const { prototype } = client as unknown as { prototype: { send: DynamoDBClient['send'] } };
  const { send } = prototype;
  prototype.send = function (this: DynamoDBClient, command: { input: object }, ...rest: never[]) {
    if (state.running.getStore() !== undefined) noteTable(command.constructor.name, command.input);
    return (send as (...args: unknown[]) => unknown).call(this, command, ...rest);
  } as typeof send;
}

const ACTIONS: Readonly<Record<string, string>> = {
  GetItemCommand: 'GetItem',
  PutItemCommand: 'PutItem',
  UpdateItemCommand: 'UpdateItem',
  DeleteItemCommand: 'DeleteItem',
};
/** A transaction is allowed by the actions of its parts. */
const PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

function noteTable(command: string, input: object): void {
  switch (command) {
    case 'QueryCommand':
      noteQuery(input as Query);
      break;
    case 'BatchGetItemCommand':
      for (const [name, { Keys }] of Object.entries((input as Batch).RequestItems ?? {}))
        for (const { pk } of Keys ?? []) note('dynamodb:BatchGetItem', tableOf(name), leadingOf(pk?.S));
      break;
    case 'TransactWriteItemsCommand':
      for (const item of (input as Transaction).TransactItems ?? [])
        for (const [part, keyed] of Object.entries(item)) noteItem(PARTS[part], keyed);
      break;
    default:
      noteItem(ACTIONS[command], input);
  }
}

function noteItem(action: string | undefined, { TableName, Key, Item }: Keyed): void {
  if (action === undefined)
    throw new Error('the recorder knows no such call to a table: give it a line in recorder.ts');
  note(`dynamodb:${action}`, tableOf(TableName), leadingOf((Key ?? Item)?.pk?.S));
}

function noteQuery({ TableName, IndexName, ExpressionAttributeValues = {} }: Query): void {
  const table = tableOf(TableName);
  const resource = IndexName === undefined ? table : `index:${table.slice('table:'.length)}/${IndexName}`;
  note('dynamodb:Query', resource, leadingOf(ExpressionAttributeValues[':p']?.S));
}

/** Tables have names of their own in each test; they end with what the topology calls them. */
const tableOf = (name = ''): string => `table:${name.split('-').at(-1)}`;
/** A key up to its first id: `E#`. */
const leadingOf = (pk = ''): string => /^[^#]*#?/.exec(pk)?.[0] || '-';
