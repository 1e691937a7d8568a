/**
 * Holds what each function's role allows against what the function was seen to ask for while the tests ran: it may do all of that,
 * and nothing that nobody ever saw it do, but for what is listed with a reason.
 */
import { buckets, type FunctionName, type FunctionSpec, functions, queues, tables } from '../../infra/topology.ts';
import type { RecordedCall } from '../support/recording/recorded.ts';
import { denialsOf, grantsOf, STAGE, type Statement, type Synthesised } from './synthesised.ts';

/** Where a resource of the templates is named: by its id there, or by its deployed name. */
const named = (id: string, name: string): RegExp => new RegExp(`${id}(?![a-z])|parley-${STAGE}-${name}(?![a-z-])`);
const flat = (name: string): string => name.replaceAll('-', '');
const PARAMETERS = ['signing-key', 'receipt-keys', 'stripe-key', 'stripe-webhook-secrets'];

/** All that functions may be granted, by the names under which calls are recorded. */
const resources: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ...Object.entries(tables).flatMap(([id, { indexes }]) => {
    const table = named(`Table${id}`, id);
    return [
      [`table:${id}`, (text: string) => table.test(text) && !text.includes('/index/')] as const,
      ...Object.keys(indexes).map(
        (index) =>
          [`index:${id}/${index}`, (text: string) => table.test(text) && text.includes(`/index/${index}`)] as const,
      ),
    ];
  }),
  ...Object.keys(queues).flatMap((name) => {
    const [alive, dead] = [named(`Queue${flat(name)}(?!dead)`, name), named(`Queue${flat(name)}dead`, `${name}-dead`)];
    return [
      [`queue:${name}`, (text: string) => alive.test(text)] as const,
      [`dead:${name}`, (text: string) => dead.test(text)] as const,
    ];
  }),
  ...Object.keys(buckets).map((name) => {
    // Its deployed name ends with the account and region.
    const bucket = new RegExp(`Bucket${name}|parley-${STAGE}-${name}-`);
    return [`bucket:${name}`, (text: string) => bucket.test(text)] as const;
  }),
  ['secret:origin', (text: string) => text.includes('OriginSecret')] as const,
  ...PARAMETERS.map((name) => [`parameter:${name}`, (text: string) => text.includes(`/${STAGE}/${name}`)] as const),
]);

/** Services that a function uses without a line of its own code, or that say nothing of what it does. */
const NOT_ITS_CODE: Readonly<Record<string, string>> = {
  kms: 'tables ask for their key when they are asked for items',
  logs: 'Lambda writes what the function prints',
  xray: 'Lambda traces',
};

/**
 * What roles allow and tests do not show through the functions themselves. Each of them stands in the function's code, as
 * `tests/infra/grants.test.ts` checks: a list of what to look at, not of what is superfluous.
 */
const UNSEEN: Reasons = {
  'an organisation is told of what happens only where it has an endpoint': [
    /: sqs:SendMessage on queue:deliveries$/,
    /^queue-stripe-(?:in|out): dynamodb:PutItem on table:market$/,
  ],
  'a block of calls is taken by whichever function meets its end': [
    /^api-(?:overview|finance|receipts): dynamodb:UpdateItem on table:market$/,
  ],
  'the key is read when a process starts, whatever is asked of it': [/: ssm:GetParameter on parameter:signing-key$/],
  'what the edge sends is checked behind it, and tests have no edge': [
    /^api-\w+: secretsmanager:GetSecretValue on secret:origin$/,
  ],
  'every queue is redriven alike, and tests try some': [
    /^api-operations: sqs:SendMessage on queue:/,
    /^api-operations: sqs:\w+ on dead:/,
  ],
  'what Stripe says may set off more of the same': [
    /^queue-stripe-in: sqs:SendMessage on queue:stripe-(?:in|out)$/,
    /^queue-stripe-out: sqs:SendMessage on queue:stripe-out$/,
    /^schedule-finance: sqs:SendMessage on queue:stripe-out$/,
  ],
  'requests that come in by other ways go through the same intake as a company’s own, which tests take from there': [
    /^api-connector: dynamodb:(?:ConditionCheckItem on table:market|Query on index:market.owner|UpdateItem on table:requests)$/,
    /^queue-imports: dynamodb:(?:ConditionCheckItem|PutItem) on table:market$/,
    /^queue-imports: dynamodb:(?:Query on index:market.owner|UpdateItem on table:requests)$/,
    /^(?:api-connector|queue-imports|api-provider): dynamodb:Read on table:ledger$/,
    /^api-provider: dynamodb:DeleteItem on table:requests$/,
    /^api-mcp: dynamodb:DeleteItem on table:requests$/,
  ],
  'an agent’s tools are routes that tests call by their own functions': [
    /^api-mcp: dynamodb:(?:ConditionCheckItem|DeleteItem) on table:market$/,
  ],
  'a payout of more lines than one transaction takes is made by a test of its store': [
    /^(?:queue-stripe-out|schedule-finance): dynamodb:ConditionCheckItem on table:ledger$/,
  ],
  'credit, account ends and disputes are swept by tests of their stores': [
    /^schedule-finance: dynamodb:(?:ConditionCheckItem|DeleteItem|PutItem|UpdateItem) on table:market$/,
    /^schedule-finance: dynamodb:Query on index:requests.worklist$/,
    /^api-money: dynamodb:ConditionCheckItem on table:market$/,
    /^(?:api-money|api-export|schedule-finance): dynamodb:Read on table:requests$/,
  ],
  'what customers say, and an erasure, change requests as tests of the stores show': [
    /^api-customer: dynamodb:(?:UpdateItem on table:market|DeleteItem on table:requests)$/,
    /^queue-sweeps: s3:DeleteObject on bucket:files$/,
    /^queue-sweeps: dynamodb:ConditionCheckItem on table:market$/,
  ],
  'a round is summed up from its charges, and the ones that tests close through the function have none': [
    /^schedule-rounds: dynamodb:Read on table:ledger$/,
  ],
  'tests that draw their calls at random come to it now and then': [
    /^api-(?:company|import): dynamodb:DeleteItem on table:market$/,
    /^api-company: dynamodb:DeleteItem on table:ledger$/,
    /^api-billing: dynamodb:UpdateItem on table:ledger$/,
    /^api-finance: dynamodb:Read on table:requests$/,
    /^api-receipts: dynamodb:Read on table:ledger$/,
    /^api-dispatch: dynamodb:UpdateItem on table:requests$/,
  ],
  'the operator’s audits of samples, and what is said of a request in a turn, are tested with their stores': [
    /^api-operator: dynamodb:UpdateItem on table:requests$/,
    /^api-dispatch: dynamodb:PutItem on table:requests$/,
  ],
};

/** Calls that a bundle carries and the function never comes to. */
const NEVER_REACHED: Reasons = {
  'the edge keeps answers of routes that are repeated by key, and records what changes money, the market or an organisation: this function has neither':
    [
      /^api-(?:overview|finance|receipts): dynamodb:(?:PutItem|DeleteItem) on table:market$/,
      /^api-stripe: dynamodb:(?:Read|PutItem|UpdateItem|DeleteItem) on table:market$/,
      /^api-(?:export|customer|thread|operations|incident): dynamodb:DeleteItem on table:market$/,
    ],
  'it runs one of the sweeps that stand in one file': [/^schedule-(?:rounds|sweeps): /],
  'it serves one side of a file of handlers': [
    // Samples are audited by the operator.
    /^api-market: dynamodb:(?:Read|UpdateItem) on table:requests$/,
    // A provider's disputes are listed by the function of its money.
    /^api-company: dynamodb:Query on index:ledger.byProvider$/,
    // Erasures are listed by the company's function.
    /^api-customer: dynamodb:Query on index:requests.list$/,
  ],
};

type Conditions = Record<string, Record<string, string | string[]>> | undefined;

/** Whether a condition of a statement holds for a key that begins like this; one that nobody here knows holds for none. */
function holds(conditions: Conditions, leading: string): boolean {
  return Object.entries(conditions ?? {}).every(([operator, tests]) =>
    Object.entries(tests).every(([key, patterns]) => {
      if (key !== 'dynamodb:LeadingKeys' || !/^For(?:Any|All)Values?:StringLike$/.test(operator)) return false;
      return [patterns].flat().some((pattern) => leading.startsWith(pattern.replace(/\*$/, '')));
    }),
  );
}

const covers = (statement: Statement, { action, resource, leading }: Omit<RecordedCall, 'function'>): boolean =>
  statement.Action.includes(action) &&
  statement.Resource.some((text) => resources.get(resource)?.(text) === true) &&
  holds(statement.Condition as Conditions, leading);

/** What a function asked for and its role does not allow. */
export function tooLittle(made: Synthesised, recorded: readonly RecordedCall[]): string[] {
  return recorded.flatMap((call) => {
    if (!resources.has(call.resource)) return [`${line(call)}: nothing of the topology has this name`];
    const name = call.function as FunctionName;
    const isAllowed = grantsOf(made, name).some((statement) => covers(statement, call));
    const isDenied = denialsOf(made, name).some((statement) => covers(statement, call));
    return isAllowed && !isDenied ? [] : [`${line(call)}, under keys like ${call.leading}: its role does not allow it`];
  });
}

/** What a function's role allows and nobody saw it ask for. Tests that draw their calls see now more, now less. */
export function tooMuch(made: Synthesised, recorded: readonly RecordedCall[]): string[] {
  const seen = new Set(recorded.map((call) => together(line(call))));
  const unseen = grantedOf(made).filter((grant) => !seen.has(grant));
  return unexplained(unseen, UNSEEN, 'no test saw it ask for this, though its role allows it');
}

/** What a function's role allows on tables and its code does not contain. */
export const notInCode = (made: Synthesised, code: ReadonlyMap<string, ReadonlySet<string>>): string[] => {
  const contained = linesOf(code);
  return grantedOf(made)
    .filter((grant) => grant.includes('dynamodb:') && !contained.has(grant))
    .map((grant) => `${grant}: its code has no such call`);
};

/** What a function's code contains and its role does not allow; and reasons that nothing needs any more. */
export function notGranted(made: Synthesised, code: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const granted = new Set(grantedOf(made));
  const missing = [...linesOf(code)].filter((one) => !granted.has(one));
  return [
    ...unexplained(missing, NEVER_REACHED, 'its code has such a call, and its role does not allow it'),
    ...idle(missing, NEVER_REACHED),
  ];
}

const linesOf = (code: ReadonlyMap<string, ReadonlySet<string>>): Set<string> =>
  new Set([...code].flatMap(([name, calls]) => [...calls].map((call) => together(`${name}: ${call}`))));

/** What is allowed, but for what Lambda needs itself: it takes the messages of a queue for the consumer. */
function grantedOf(made: Synthesised): string[] {
  const specs = Object.entries<FunctionSpec>(functions) as [FunctionName, FunctionSpec][];
  return specs.flatMap(([name, { trigger }]) => {
    const own = trigger.kind === 'queue' ? `on queue:${trigger.queue}` : 'on no queue';
    const lines = grantsOf(made, name).flatMap((statement) => granted(name, statement));
    return [...new Set(lines)].filter((one) => !(one.endsWith(own) && TAKEN_BY_LAMBDA.test(one)));
  });
}
const TAKEN_BY_LAMBDA =
  /: sqs:(?:ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueAttributes|GetQueueUrl) /;

const line = ({ function: name, action, resource }: Omit<RecordedCall, 'leading'>): string =>
  `${name}: ${action} on ${resource}`;

/** Items are read by key, by many keys or as a partition: who may do one of them on a table may do all three. */
const together = (text: string): string =>
  text.replace(/dynamodb:(?:GetItem|BatchGetItem|Query) on table:/, 'dynamodb:Read on table:');

function granted(name: FunctionName, { Action, Resource }: Statement): string[] {
  const actions = Action.filter((action) => NOT_ITS_CODE[action.split(':')[0] ?? ''] === undefined);
  const meant = [...resources].filter(([, matches]) => Resource.some(matches)).map(([resource]) => resource);
  if (actions.length > 0 && meant.length === 0) return [`${name}: ${actions.join()} on ${Resource.join()}`];
  return actions.flatMap((action) => meant.map((resource) => together(line({ function: name, action, resource }))));
}

type Reasons = Readonly<Record<string, readonly RegExp[]>>;

const unexplained = (found: readonly string[], reasons: Reasons, what: string): string[] =>
  found
    .filter((one) => !Object.values(reasons).some((patterns) => patterns.some((pattern) => pattern.test(one))))
    .map((one) => `${one}: ${what}`);

/** Reasons for what is not found. */
const idle = (found: readonly string[], reasons: Reasons): string[] =>
  Object.values(reasons)
    .flat()
    .filter((pattern) => !found.some((one) => pattern.test(one)))
    .map((pattern) => `${String(pattern)}: a reason for nothing; take it out of used-grants.ts`);
