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
  sweeps: { visibilitySeconds: 180, batchSize: 10, maxReceives: 5 },
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

/** `append` puts items that are not there yet, and changes none. */
export type Access = 'read' | 'append' | 'write';
export type FunctionSpec = {
  /** The handler's file, from the root; its export is `handler`. */
  file: string;
  trigger:
    | { kind: 'api' }
    | { kind: 'queue'; queue: QueueName }
    | { kind: 'schedule'; everyMinutes: number }
    /** What browsers open: whatever is neither a file nor the API's. On one machine the front serves it. */
    | { kind: 'site' };
  tables: Readonly<Partial<Record<TableId, Access>>>;
  /** Buckets it puts into, reads and removes from, and signs links and forms of. */
  buckets?: readonly BucketName[];
  sends: readonly QueueName[];
  /** Whether it signs or opens what was sealed; functions behind the API always may. */
  usesSigningKey?: true;
  /** Looks at the dead letters of these queues, and brings them back. */
  redrives?: readonly QueueName[];
  timeoutSeconds: number;
  memoryMb: number;
  /** Runs so often at once at the most, where what it calls has limits of its own. */
  mostAtOnce?: number;
  /** Whether it may read the keys that receipts are signed with. */
  signsReceipts?: true;
  /** `calls` has the key of Stripe; `events` has the secrets with which Stripe signs what it tells. */
  stripe?: 'calls' | 'events';
};

const api = (tableAccess: FunctionSpec['tables'], sends: FunctionSpec['sends'] = []): Omit<FunctionSpec, 'file'> => ({
  trigger: { kind: 'api' },
  tables: tableAccess,
  sends,
  timeoutSeconds: 15,
  memoryMb: 1024,
});

export const functions = {
  'api-market': { file: 'functions/api/market.ts', ...api({ market: 'write' }) },
  'api-company': {
    file: 'functions/api/company.ts',
    ...api({ market: 'write', requests: 'write', ledger: 'read' }, ['deliveries']),
  },
  // Reads of all that is one's own, whatever it is.
  'api-overview': {
    file: 'functions/api/overview.ts',
    ...api({ market: 'read', requests: 'read', ledger: 'read' }),
  },
  'api-certificate': {
    file: 'functions/api/certificate.ts',
    ...api({ market: 'write' }),
    buckets: ['files'],
  },
  'api-import': { file: 'functions/api/import.ts', ...api({ market: 'write', requests: 'write' }, ['imports']) },
  'api-connector': {
    file: 'functions/api/connector.ts',
    ...api({ market: 'write', requests: 'write', ledger: 'read' }, ['deliveries']),
  },
  'api-provider': { file: 'functions/api/provider.ts', ...api({ market: 'write', requests: 'write' }, ['deliveries']) },
  // What companies and providers see and do of their own money.
  'api-billing': {
    file: 'functions/api/billing.ts',
    ...api({ market: 'write', requests: 'read', ledger: 'write' }, ['deliveries', 'stripe-out']),
    stripe: 'calls',
    mostAtOnce: 20,
  },
  // What the market's people do with money.
  'api-money': {
    file: 'functions/api/money.ts',
    ...api({ market: 'write', requests: 'read', ledger: 'write' }, ['deliveries', 'stripe-out']),
    stripe: 'calls',
    mostAtOnce: 10,
  },
  // Whoever reads balances keeps what was added up: new items only.
  'api-finance': { file: 'functions/api/finance.ts', ...api({ market: 'read', requests: 'read', ledger: 'append' }) },
  'api-export': { file: 'functions/api/export.ts', ...api({ market: 'write', requests: 'read', ledger: 'append' }) },
  'api-customer': {
    file: 'functions/api/customer.ts',
    // An erasure removes attachments and tells the company.
    ...api({ market: 'write', requests: 'write', ledger: 'read' }, ['deliveries']),
    buckets: ['files'],
  },
  'api-receipts': {
    file: 'functions/api/receipts.ts',
    ...api({ market: 'read', requests: 'read', ledger: 'read' }),
    signsReceipts: true,
  },
  'api-operator': { file: 'functions/api/operator.ts', ...api({ market: 'write', requests: 'write' }) },
  'api-dispatch': {
    file: 'functions/api/dispatch.ts',
    ...api({ market: 'write', requests: 'write', ledger: 'read' }, ['sweeps', 'deliveries']),
  },
  'api-thread': {
    file: 'functions/api/thread.ts',
    ...api({ market: 'write', requests: 'write' }),
    buckets: ['files'],
    sends: ['deliveries'],
  },
  // What its tools' own functions may.
  'api-mcp': {
    file: 'functions/mcp/agents.ts',
    ...api({ market: 'write', requests: 'write', ledger: 'read' }),
    sends: ['deliveries'],
  },
  'api-operations': {
    file: 'functions/api/operations.ts',
    ...api({ market: 'write', requests: 'read' }, [
      'clearing',
      'sweeps',
      'deliveries',
      'imports',
      'stripe-in',
      'stripe-out',
    ]),
    redrives: ['clearing', 'sweeps', 'deliveries', 'imports', 'stripe-in', 'stripe-out'],
  },
  'api-webhook': { file: 'functions/api/webhook.ts', ...api({ market: 'write' }, ['deliveries']) },
  // Verified, kept and sent on: nothing else happens before Stripe has its answer.
  'api-stripe': {
    file: 'functions/webhook/stripe.ts',
    ...api({ ledger: 'append' }, ['stripe-in']),
    stripe: 'events',
  },
  'queue-clearing': {
    file: 'functions/queue/clearing.ts',
    trigger: { kind: 'queue', queue: 'clearing' },
    tables: { market: 'write' },
    sends: ['deliveries'],
    timeoutSeconds: 60,
    memoryMb: 2048,
  },
  'queue-deliveries': {
    file: 'functions/queue/deliveries.ts',
    trigger: { kind: 'queue', queue: 'deliveries' },
    tables: { market: 'write' },
    sends: ['deliveries'],
    usesSigningKey: true,
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  'queue-sweeps': {
    file: 'functions/queue/sweeps.ts',
    trigger: { kind: 'queue', queue: 'sweeps' },
    tables: { market: 'write', requests: 'write', ledger: 'append' },
    buckets: ['files'],
    sends: ['deliveries'],
    timeoutSeconds: 30,
    memoryMb: 1024,
  },
  'queue-imports': {
    file: 'functions/queue/imports.ts',
    trigger: { kind: 'queue', queue: 'imports' },
    tables: { market: 'write', requests: 'write', ledger: 'read' },
    sends: ['imports', 'deliveries'],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'queue-stripe-in': {
    file: 'functions/queue/stripe-in.ts',
    trigger: { kind: 'queue', queue: 'stripe-in' },
    tables: { market: 'write', requests: 'read', ledger: 'write' },
    sends: ['deliveries', 'stripe-in', 'stripe-out'],
    stripe: 'calls',
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'queue-stripe-out': {
    file: 'functions/queue/stripe-out.ts',
    trigger: { kind: 'queue', queue: 'stripe-out' },
    tables: { market: 'write', requests: 'read', ledger: 'write' },
    sends: ['deliveries', 'stripe-out'],
    stripe: 'calls',
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'schedule-rounds': {
    file: 'functions/schedule/rounds.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    tables: { market: 'write', requests: 'read', ledger: 'append' },
    sends: ['clearing', 'deliveries'],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  'schedule-finance': {
    file: 'functions/schedule/finance.ts',
    trigger: { kind: 'schedule', everyMinutes: 5 },
    tables: { market: 'write', requests: 'read', ledger: 'write' },
    sends: ['deliveries', 'stripe-in', 'stripe-out'],
    stripe: 'calls',
    timeoutSeconds: 300,
    memoryMb: 1024,
    mostAtOnce: 1,
  },
  'schedule-sweeps': {
    file: 'functions/schedule/sweeps.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    tables: { market: 'read', requests: 'read' },
    sends: ['sweeps', 'imports'],
    timeoutSeconds: 60,
    memoryMb: 512,
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

/** Deployed names carry a stage; on one machine it is `local`. */
export const tableName = (stage: string, table: TableId): string => `parley-${stage}-${table}`;
export const queueName = (stage: string, queue: QueueName, dead = false): string =>
  `parley-${stage}-${queue}${dead ? '-dead' : ''}`;
/** Names of buckets are shared by all accounts, so an account's number and region tell them apart. */
export const bucketName = (stage: string, bucket: BucketName, account: string, region: string): string =>
  `parley-${stage}-${bucket}-${account}-${region}`;
