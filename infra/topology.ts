/**
 * What exists: tables, indexes, queues, functions and schedules. The runner on one machine and the CDK app both read
 * this, so neither has anything the other lacks. Routes come from `shared/api/registry.ts`.
 */
import type { QueueName } from '../shared/kernel/message.ts';
import type { TableId } from '../shared/kernel/table.ts';

export type IndexSpec = { pk: string; sk: string };
export type TableSpec = {
  indexes: Readonly<Record<string, IndexSpec>>;
  /** Items with this attribute, in seconds since 1970, are dropped some time after it. */
  timeToLive?: string;
};

/** Every table has the keys `pk` and `sk`, text; every index is KEYS_ONLY, and sparse: items without its keys are not in it. */
export const tables: Readonly<Record<TableId, TableSpec>> = {
  market: { indexes: { owner: { pk: 'opk', sk: 'osk' }, due: { pk: 'dpk', sk: 'dsk' } }, timeToLive: 'ttl' },
  requests: { indexes: { worklist: { pk: 'wpk', sk: 'wsk' }, list: { pk: 'lpk', sk: 'lsk' } } },
  ledger: { indexes: { byCompany: { pk: 'cpk', sk: 'csk' }, byProvider: { pk: 'ppk', sk: 'psk' } } },
};

export type QueueSpec = {
  visibilitySeconds: number;
  batchSize: number;
  maxReceives: number;
  /** Batches that are worked side by side, where what they call has limits. */
  mostConsumers?: number;
};
/** Every queue has a dead-letter queue `<name>-dead`, kept 14 days. */
export const queues = {
  clearing: { visibilitySeconds: 360, batchSize: 1, maxReceives: 5 },
  // Three full partitions are what one run has the processor for; see CAPACITY.md.
  sweeps: { visibilitySeconds: 180, batchSize: 3, maxReceives: 5 },
  imports: { visibilitySeconds: 360, batchSize: 1, maxReceives: 5 },
  deliveries: { visibilitySeconds: 360, batchSize: 10, maxReceives: 5 },
  'stripe-in': { visibilitySeconds: 360, batchSize: 10, maxReceives: 5, mostConsumers: 5 },
  'stripe-out': { visibilitySeconds: 360, batchSize: 10, maxReceives: 5, mostConsumers: 2 },
} as const satisfies Record<QueueName, QueueSpec>;

export type BucketName = 'files';
/** `uploads/` goes away by itself, `kept/` stays until it is erased. On one machine a bucket is a folder. */
export const buckets = { files: { uploadsKeptDays: 1 } } as const satisfies Record<
  BucketName,
  { uploadsKeptDays: number }
>;

type Index = 'owner' | 'due' | 'worklist' | 'list' | 'byCompany' | 'byProvider';
type Change = 'put' | 'update' | 'delete';
/**
 * What a function does with a table: `read` gets items and asks for those of a partition, an index's name asks for those of the
 * index, `check` makes a condition part of a transaction. `put WD#` is only under keys that begin so. `tests/infra/used-grants.ts`
 * holds it against the code, and against what tests saw.
 */
export type TableUse = 'read' | Index | 'check' | Change | `${Change} ${string}`;
/** What a function does with a bucket's objects; whoever signs a link or a form may itself do what it allows. */
export type BucketUse = 'read' | 'put' | 'remove';
export type FunctionSpec = {
  /** The handler's file, from the root; its export is `handler`. */
  file: string;
  trigger:
    | { kind: 'api' }
    | { kind: 'queue'; queue: QueueName }
    | { kind: 'schedule'; everyMinutes: number }
    /** What browsers open: whatever is neither a file nor the API's. On one machine the front serves it. */
    | { kind: 'site' }
    /** The user pool asks it before it gives a token. */
    | { kind: 'token' };
  tables: Readonly<Partial<Record<TableId, readonly TableUse[]>>>;
  buckets?: Readonly<Partial<Record<BucketName, readonly BucketUse[]>>>;
  sends: readonly QueueName[];
  /** Whether it signs or opens what was sealed; functions behind the API always may, but for the one that signs people in. */
  usesSigningKey?: true;
  /** Looks at the dead letters of these queues, and brings them back. */
  redrives?: readonly QueueName[];
  timeoutSeconds: number;
  memoryMb: number;
  /** Runs so often at once at the most, where what it calls has limits of its own. */
  mostAtOnce?: number;
  /** Whether it may read the keys that receipts are signed with. */
  signsReceipts?: true;
  /** Speaks with the pages where people sign in. */
  signsIn?: true;
  /** `calls` has the key of Stripe; `events` has the secrets with which Stripe signs what it tells. */
  stripe?: 'calls' | 'events';
};

const api = (tableAccess: FunctionSpec['tables'], sends: FunctionSpec['sends'] = []): Omit<FunctionSpec, 'file'> => ({
  trigger: { kind: 'api' },
  tables: tableAccess,
  sends,
  timeoutSeconds: 15,
  // Most of a call is waiting for tables, which is paid for by memory; `npm run bench:cost` says what it comes to.
  memoryMb: 768,
});

/** Who knows its callers counts their calls; see `shared/call-limit`. */
const COUNTS = 'update CL#';
/** An organisation is told of what happens where it has an endpoint: its deliveries wait in the table. */
const TELLS = 'put WD#';
/** Why a message failed is kept for whoever looks at the dead letters. */
const FAILS = 'put F#';

/** Bids and work; a request of the sandbox that is there already is shown with what became of it. */
const WORK: FunctionSpec['tables'] = {
  market: ['read', 'owner', 'put', 'update', 'delete', 'check'],
  requests: ['read', 'worklist', 'list', 'put', 'update', 'delete'],
  ledger: ['read'],
};

export const functions = {
  'api-market': {
    file: 'functions/api/market.ts',
    // Of requests only their keys, to count what a queue brings.
    ...api({ market: ['read', 'owner', 'put', 'update', 'delete', 'check'], requests: ['list'] }),
  },
  'api-company': {
    file: 'functions/api/company.ts',
    ...api(
      {
        market: ['read', 'owner', 'put', 'update', 'delete', 'check'],
        requests: ['read', 'worklist', 'list', 'put', 'update', 'delete'],
        // What the company can owe at the most is kept with its commitments.
        ledger: ['read', 'byCompany', 'put CR#', 'delete CR#'],
      },
      ['deliveries'],
    ),
  },
  // Reads of all that is one's own, whatever it is.
  'api-overview': {
    file: 'functions/api/overview.ts',
    ...api({
      market: ['read', 'owner', 'due', COUNTS],
      requests: ['read', 'worklist', 'list'],
      ledger: ['read', 'byCompany', 'byProvider'],
    }),
  },
  'api-certificate': {
    file: 'functions/api/certificate.ts',
    ...api({ market: ['read', 'due', 'put', 'update', 'delete'] }),
    buckets: { files: ['read', 'put', 'remove'] },
  },
  'api-import': {
    file: 'functions/api/import.ts',
    ...api({ market: ['read', 'owner', 'put', 'update', 'delete', 'check'], requests: ['read', 'put'] }, ['imports']),
  },
  'api-connector': {
    file: 'functions/api/connector.ts',
    ...api(
      {
        market: ['read', 'owner', 'put', 'update', 'delete', 'check'],
        requests: ['read', 'put', 'update', 'delete'],
        ledger: ['read'],
      },
      ['deliveries'],
    ),
  },
  'api-incident': {
    file: 'functions/api/incident.ts',
    ...api(
      {
        market: ['read', 'owner', 'put', 'update'],
        requests: ['read', 'list', 'put', 'update'],
        ledger: ['read'],
      },
      ['sweeps', 'deliveries'],
    ),
  },
  'api-provider': {
    file: 'functions/api/provider.ts',
    ...api(WORK, ['deliveries']),
  },
  // What companies and providers see and do of their own money.
  'api-billing': {
    file: 'functions/api/billing.ts',
    ...api(
      {
        market: ['read', 'owner', 'put', 'update', 'delete'],
        requests: ['read'],
        ledger: ['read', 'byCompany', 'byProvider', 'put', 'update', 'delete'],
      },
      ['deliveries', 'stripe-out'],
    ),
    stripe: 'calls',
    mostAtOnce: 20,
  },
  // What the market's people do with money.
  'api-money': {
    file: 'functions/api/money.ts',
    ...api(
      {
        market: ['read', 'owner', 'put', 'update', 'delete', 'check'],
        requests: ['read'],
        ledger: ['read', 'byCompany', 'byProvider', 'put', 'update', 'delete'],
      },
      ['deliveries', 'stripe-out'],
    ),
    stripe: 'calls',
    mostAtOnce: 10,
  },
  // Whoever reads balances keeps what was added up: new items only.
  'api-finance': {
    file: 'functions/api/finance.ts',
    ...api({
      market: ['read', 'owner', COUNTS],
      requests: ['read', 'list'],
      ledger: ['read', 'byCompany', 'byProvider', 'put'],
    }),
  },
  'api-export': {
    file: 'functions/api/export.ts',
    ...api({
      market: ['read', 'owner', 'put', 'update'],
      requests: ['read', 'list'],
      ledger: ['read', 'byCompany', 'byProvider', 'put'],
    }),
  },
  'api-customer': {
    file: 'functions/api/customer.ts',
    // An erasure removes attachments and tells the company.
    ...api({ market: ['read', 'put', 'update'], requests: ['read', 'put', 'update', 'delete'], ledger: ['read'] }, [
      'deliveries',
    ]),
    buckets: { files: ['remove'] },
  },
  'api-receipts': {
    file: 'functions/api/receipts.ts',
    ...api({ market: ['read', COUNTS], requests: ['read'], ledger: ['read'] }),
    signsReceipts: true,
  },
  'api-operator': {
    file: 'functions/api/operator.ts',
    ...api({ market: ['read', 'owner', 'due', 'put', 'update', 'delete'], requests: ['read', 'update'] }),
  },
  'api-dispatch': {
    file: 'functions/api/dispatch.ts',
    ...api(
      {
        market: ['read', 'owner', 'put', 'update', 'delete'],
        requests: ['read', 'worklist', 'list', 'put', 'update'],
        ledger: ['read'],
      },
      ['sweeps', 'deliveries'],
    ),
  },
  'api-thread': {
    file: 'functions/api/thread.ts',
    ...api({ market: ['read', 'put', 'update'], requests: ['read', 'put', 'update'] }, ['deliveries']),
    buckets: { files: ['read', 'put'] },
  },
  // What its tools' own functions may.
  'api-mcp': {
    file: 'functions/mcp/agents.ts',
    ...api(WORK, ['deliveries']),
  },
  'api-operations': {
    file: 'functions/api/operations.ts',
    ...api({ market: ['read', 'due', 'put', 'update', 'delete F#'], requests: ['read', 'worklist', 'list'] }, [
      'clearing',
      'sweeps',
      'deliveries',
      'imports',
      'stripe-in',
      'stripe-out',
    ]),
    redrives: ['clearing', 'sweeps', 'deliveries', 'imports', 'stripe-in', 'stripe-out'],
  },
  'api-webhook': {
    file: 'functions/api/webhook.ts',
    ...api({ market: ['read', 'put', 'update', 'delete'] }, ['deliveries']),
  },
  // Verified, kept and sent on: nothing else happens before Stripe has its answer.
  'api-stripe': {
    file: 'functions/webhook/stripe.ts',
    ...api({ ledger: ['put SE#'] }, ['stripe-in']),
    stripe: 'events',
  },
  'api-auth': { file: 'functions/api/auth.ts', ...api({}), memoryMb: 512, signsIn: true },
  'token-claims': {
    file: 'functions/token/claims.ts',
    trigger: { kind: 'token' },
    tables: {},
    sends: [],
    // The pool waits five seconds at the most.
    timeoutSeconds: 5,
    memoryMb: 256,
  },
  'queue-clearing': {
    file: 'functions/queue/clearing.ts',
    trigger: { kind: 'queue', queue: 'clearing' },
    tables: { market: ['read', 'put', 'update', 'delete'] },
    sends: ['deliveries'],
    timeoutSeconds: 60,
    memoryMb: 2048,
  },
  'queue-deliveries': {
    file: 'functions/queue/deliveries.ts',
    trigger: { kind: 'queue', queue: 'deliveries' },
    tables: { market: ['read', 'due', 'put', 'update'] },
    sends: ['deliveries'],
    usesSigningKey: true,
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  'queue-sweeps': {
    file: 'functions/queue/sweeps.ts',
    trigger: { kind: 'queue', queue: 'sweeps' },
    tables: {
      market: ['read', 'owner', 'due', 'put', 'update', 'check'],
      requests: ['read', 'worklist', 'list', 'put', 'update', 'delete'],
      ledger: ['read', 'put E#'],
    },
    buckets: { files: ['remove'] },
    sends: ['deliveries'],
    timeoutSeconds: 30,
    memoryMb: 1024,
  },
  'queue-imports': {
    file: 'functions/queue/imports.ts',
    trigger: { kind: 'queue', queue: 'imports' },
    tables: {
      market: ['read', 'owner', 'put', 'update', 'check'],
      requests: ['read', 'put', 'update', 'delete'],
      ledger: ['read'],
    },
    sends: ['imports', 'deliveries'],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'queue-stripe-in': {
    file: 'functions/queue/stripe-in.ts',
    trigger: { kind: 'queue', queue: 'stripe-in' },
    tables: { market: ['read', TELLS, FAILS], ledger: ['read', 'byCompany', 'put', 'update'] },
    sends: ['deliveries', 'stripe-in', 'stripe-out'],
    stripe: 'calls',
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'queue-stripe-out': {
    file: 'functions/queue/stripe-out.ts',
    // Signs the link to a long invoice's detail.
    usesSigningKey: true,
    trigger: { kind: 'queue', queue: 'stripe-out' },
    tables: {
      market: ['read', 'owner', TELLS, FAILS],
      ledger: ['read', 'byCompany', 'byProvider', 'put', 'update', 'delete', 'check'],
    },
    sends: ['deliveries', 'stripe-out'],
    stripe: 'calls',
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'schedule-rounds': {
    file: 'functions/schedule/rounds.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    tables: { market: ['read', 'due', 'put', 'update'], requests: ['read', 'list'], ledger: ['read', 'put E#'] },
    sends: ['clearing', 'deliveries'],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'schedule-finance': {
    file: 'functions/schedule/finance.ts',
    // Signs the link to a long invoice's detail.
    usesSigningKey: true,
    trigger: { kind: 'schedule', everyMinutes: 5 },
    tables: {
      market: ['read', 'owner', 'put', 'update', 'delete', 'check'],
      requests: ['read', 'worklist'],
      ledger: ['read', 'byCompany', 'byProvider', 'put', 'update', 'delete', 'check'],
    },
    sends: ['deliveries', 'stripe-in', 'stripe-out'],
    stripe: 'calls',
    timeoutSeconds: 300,
    memoryMb: 1024,
    mostAtOnce: 1,
  },
  'schedule-sweeps': {
    file: 'functions/schedule/sweeps.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    tables: { market: ['read', 'due'], requests: ['read'] },
    sends: ['sweeps', 'imports'],
    timeoutSeconds: 60,
    // A whole processor: with thousands of queues, reading them is what takes its minute. See CAPACITY.md.
    memoryMb: 1_769,
  },
  // Tells nobody anything that is not everybody's: it needs no table.
  site: {
    file: 'functions/site/site.ts',
    trigger: { kind: 'site' },
    tables: {},
    sends: [],
    timeoutSeconds: 10,
    memoryMb: 512,
  },
} as const satisfies Record<string, FunctionSpec>;
export type FunctionName = keyof typeof functions;
