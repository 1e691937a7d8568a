/** What the templates promise: nothing is lost, nothing is open, and a function may do only what the topology grants. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buckets, type FunctionName, type FunctionSpec, functions, queues } from '../../infra/topology.ts';
import {
  denialsOf,
  environmentOf,
  functionOf,
  grantsOf,
  resourcesOf,
  STAGE,
  type Statement,
  Synthesised,
  statementsOf,
} from './synthesised.ts';

const specs = Object.entries(functions) as [FunctionName, FunctionSpec][];
const FOURTEEN_DAYS = 14 * 24 * 3_600;

/** As queues stand in the names of variables. */
const variableOf = (queue: string): string => queue.toUpperCase().replaceAll('-', '_');

/** Variables that Lambda itself gives every function. */
const SET_BY_LAMBDA = ['AWS_REGION', 'AWS_SESSION_TOKEN', 'PARAMETERS_SECRETS_EXTENSION_HTTP_PORT'];

/** Actions that AWS grants on '*' only, and those on objects, whose names are made later. */
const NEEDS_ALL_RESOURCES: Readonly<Record<string, string>> = {
  'xray:PutTraceSegments': 'X-Ray has no resources to name',
  'xray:PutTelemetryRecords': 'X-Ray has no resources to name',
  's3:GetObject': 'objects are named by the requests they belong to',
  's3:PutObject': 'objects are named by the requests they belong to',
  's3:DeleteObject': 'objects are named by the requests they belong to',
  'cloudwatch:DescribeAlarms': 'CodeDeploy asks for alarms as the policy that AWS has for it allows',
};

let made: Synthesised;
beforeAll(() => {
  made = Synthesised.shared();
}, 120_000);

describe('what is kept', () => {
  it('keeps every table: recoverable to any point in time, protected, encrypted, retained', () => {
    for (const { properties, deletionPolicy } of resourcesOf(made.state, 'AWS::DynamoDB::Table')) {
      expect(properties, String(properties.TableName)).toMatchObject({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
      });
      expect(deletionPolicy).toBe('Retain');
    }
  });

  it('gives the ledger a key of its own that is rotated and retained', () => {
    const [key, ...others] = resourcesOf(made.state, 'AWS::KMS::Key');
    expect(others).toEqual([]);
    expect(key).toMatchObject({ properties: { EnableKeyRotation: true }, deletionPolicy: 'Retain' });
    const withKey = resourcesOf(made.state, 'AWS::DynamoDB::Table').filter(({ properties }) =>
      JSON.stringify(properties.SSESpecification).includes(key?.id ?? 'no key'),
    );
    expect(withKey.map(({ properties }) => properties.TableName)).toEqual([`parley-${STAGE}-ledger`]);
  });

  it('keeps every bucket: retained, encrypted, nothing public, TLS only, and rid of uploads that nobody completed', () => {
    const deployed = resourcesOf(made.state, 'AWS::S3::Bucket');
    expect(deployed).toHaveLength(Object.keys(buckets).length);
    const closed = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
    for (const { properties, deletionPolicy } of deployed) {
      expect(deletionPolicy).toBe('Retain');
      expect(properties).toMatchObject({
        PublicAccessBlockConfiguration: Object.fromEntries(closed.map((name) => [name, true])),
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LifecycleConfiguration: { Rules: [{ Prefix: 'uploads/', ExpirationInDays: 1, Status: 'Enabled' }] },
      });
    }
    const policies = resourcesOf(made.state, 'AWS::S3::BucketPolicy').flatMap(({ properties }) =>
      statementsOf(properties.PolicyDocument),
    );
    expect(policies.map(({ Effect }) => Effect)).not.toContain('Allow');
    expect(JSON.stringify(resourcesOf(made.state, 'AWS::S3::BucketPolicy'))).toContain('"aws:SecureTransport":"false"');
  });

  it('keeps people and protects their pool', () => {
    const pools = resourcesOf(made.state, 'AWS::Cognito::UserPool');
    expect(pools).toMatchObject([{ properties: { DeletionProtection: 'ACTIVE' }, deletionPolicy: 'Retain' }]);
  });

  it('keeps every dead letter for 14 days, and sends a message there after the tries that the topology names', () => {
    const deployed = resourcesOf(made.state, 'AWS::SQS::Queue');
    for (const [queue, { visibilitySeconds, maxReceives }] of Object.entries(queues)) {
      const dead = deployed.find(({ properties }) => properties.QueueName === `parley-${STAGE}-${queue}-dead`);
      expect(dead?.properties).toMatchObject({ MessageRetentionPeriod: FOURTEEN_DAYS, SqsManagedSseEnabled: true });
      const alive = deployed.find(({ properties }) => properties.QueueName === `parley-${STAGE}-${queue}`);
      expect(alive?.properties).toMatchObject({
        VisibilityTimeout: visibilitySeconds,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [dead?.id, 'Arn'] }, maxReceiveCount: maxReceives },
      });
    }
  });

  it('hides a message for at least six times as long as its consumer may take, as AWS advises', () => {
    for (const [name, { trigger, timeoutSeconds }] of specs)
      if (trigger.kind === 'queue')
        expect(queues[trigger.queue].visibilitySeconds, name).toBeGreaterThanOrEqual(6 * timeoutSeconds);
  });

  it('keeps the logs of every function and of the API for a limited time', () => {
    const groups = made.all.flatMap((template) => resourcesOf(template, 'AWS::Logs::LogGroup'));
    const names = groups.flatMap(({ properties }) => (properties.LogGroupName as string | undefined) ?? []);
    expect(names.sort()).toEqual(
      [
        `/aws/vendedlogs/parley-${STAGE}-api`,
        `/aws/vendedlogs/parley-${STAGE}-edge`,
        `aws-waf-logs-parley-${STAGE}`,
        ...specs.map(([name]) => `/aws/lambda/parley-${STAGE}-${name}`),
      ].sort(),
    );
    for (const { properties } of groups) expect(properties.RetentionInDays).toBeGreaterThan(0);
  });
});

describe('what a function may do', () => {
  it('allows no wildcard action, and no wildcard resource that AWS does not demand', () => {
    const policies = made.all.flatMap((template) => resourcesOf(template, 'AWS::IAM::Policy'));
    expect(policies.length).toBeGreaterThan(0);
    for (const { id, properties } of policies)
      for (const { Action, Resource } of statementsOf(properties.PolicyDocument))
        for (const action of Action) {
          expect(action, id).not.toContain('*');
          const isWide = Resource.some((resource) => resource.includes('*'));
          if (isWide) expect(NEEDS_ALL_RESOURCES, `${id}: ${action} on ${Resource.join()}`).toHaveProperty([action]);
        }
  });

  it("uses no policy of AWS's and none written into a role, so that the test above sees all", () => {
    for (const template of made.all)
      for (const { id, properties } of resourcesOf(template, 'AWS::IAM::Role')) {
        expect(properties.ManagedPolicyArns, id).toBeUndefined();
        expect(properties.Policies, id).toBeUndefined();
      }
  });

  it.each(specs)('%s changes and deletes no entry of the ledger', (name, spec) => {
    const denied = denialsOf(made, name);
    const expected = {
      Action: ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
      Condition: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['E#*'] } },
    };
    if (spec.tables.ledger?.some((use) => use === 'update' || use === 'delete') === true)
      expect(denied.map((one) => ({ ...one, Action: [...one.Action].sort() }))).toMatchObject([expected]);
    else expect(denied).toEqual([]);
  });

  it.each(specs)(
    '%s sends only to its queues and receives only from its own; dead letters only if it redrives them',
    (name, spec) => {
      const { sends, trigger, redrives = [] } = spec;
      const grants = grantsOf(made, name);
      for (const queue of Object.keys(queues) as (keyof typeof queues)[]) {
        const id = `Queue${queue.replaceAll('-', '')}`;
        const actions = actionsOn(grants, 'sqs:', new RegExp(`${id}[^a-z]`));
        expect(actions.includes('sqs:SendMessage'), `sends to ${queue}`).toBe(sends.includes(queue));
        const receives = trigger.kind === 'queue' && trigger.queue === queue;
        expect(actions.includes('sqs:ReceiveMessage'), `receives from ${queue}`).toBe(receives);
        const onDead = actionsOn(grants, 'sqs:', new RegExp(`${id}dead[^a-z]`));
        const takes = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'];
        expect(onDead.sort(), `redrives ${queue}`).toEqual(redrives.includes(queue) ? takes : []);
      }
    },
  );

  it.each(specs)(
    '%s reads the signing key only if it serves the API or signs, receipts’ keys only if it signs them, Stripe’s only if it calls or hears Stripe',
    (name, { trigger, usesSigningKey, signsIn, signsReceipts, stripe }) => {
      const grants = grantsOf(made, name).filter(({ Action }) =>
        [Action].flat().some((action) => action.startsWith('ssm:')),
      );
      for (const { Action } of grants) expect([Action].flat()).toEqual(['ssm:GetParameter']);
      const read = JSON.stringify(grants);
      const signs = usesSigningKey === true || (trigger.kind === 'api' && signsIn !== true);
      expect(read.includes('/signing-key')).toBe(signs);
      expect(read.includes('/receipt-keys')).toBe(signsReceipts === true);
      expect(read.includes('/stripe-key')).toBe(stripe === 'calls');
      expect(read.includes('/stripe-webhook-secrets')).toBe(stripe === 'events');
    },
  );

  it('turns away whoever speaks to a queue without TLS, and lets nobody in by a policy of the queue', () => {
    const statements = resourcesOf(made.state, 'AWS::SQS::QueuePolicy').flatMap(({ properties }) =>
      statementsOf(properties.PolicyDocument),
    );
    expect(statements.length).toBe(resourcesOf(made.state, 'AWS::SQS::Queue').length);
    for (const { Effect } of statements) expect(Effect).toBe('Deny');
  });
});

describe('how a function runs', () => {
  it.each(specs)('%s has Node 24 on arm64, traces, source maps, and a log of its own', (name) => {
    expect(functionOf(made, name).properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
    });
  });

  it.each(specs)('%s is told its tables, buckets and queues, and as part of the API who signs', (name, spec) => {
    const told = Object.keys(environmentOf(made, name)).filter((key) =>
      /^(TABLE_|QUEUE_|BUCKET_|ISSUER|CLIENT_ID|ORIGIN|SIGNING|RECEIPT|STRIPE)/.test(key),
    );
    const expected = [
      ...Object.keys(spec.tables).map((table) => `TABLE_${table.toUpperCase()}`),
      ...Object.keys(spec.buckets ?? {}).map((bucket) => `BUCKET_${bucket.toUpperCase()}`),
      ...spec.sends.map((queue) => `QUEUE_${variableOf(queue)}_URL`),
      ...(spec.redrives ?? []).map((queue) => `QUEUE_${variableOf(queue)}_DEAD_URL`),
      ...(spec.trigger.kind === 'api' ? ['ISSUER', 'CLIENT_ID', 'ORIGIN_SECRET'] : []),
      ...(spec.usesSigningKey === true || (spec.trigger.kind === 'api' && spec.signsIn !== true)
        ? ['SIGNING_KEY_PARAMETER']
        : []),
      ...(spec.signsReceipts === true ? ['RECEIPT_KEYS_PARAMETER'] : []),
      ...(spec.stripe === 'calls' ? ['STRIPE_KEY_PARAMETER'] : []),
      ...(spec.stripe === 'events' ? ['STRIPE_SECRETS_PARAMETER'] : []),
    ];
    expect(told.sort()).toEqual(expected.sort());
  });

  it('gives some function every variable that the runtime reads by name', () => {
    const source = readFileSync(new URL('../../functions/aws.ts', import.meta.url), 'utf8');
    const read = new Set([...source.matchAll(/env\.([A-Z][A-Z_]+)/g)].map((match) => match[1]));
    const given = new Set(specs.flatMap(([name]) => Object.keys(environmentOf(made, name))));
    expect(
      [...read].filter((variable) => !given.has(variable ?? '') && !SET_BY_LAMBDA.includes(variable ?? '')),
    ).toEqual([]);
    expect(read.size).toBeGreaterThan(0);
  });

  it('does not repeat a scheduled run: the next one does what it left', () => {
    const scheduled = specs.filter(([, { trigger }]) => trigger.kind === 'schedule');
    const configured = resourcesOf(made.service, 'AWS::Lambda::EventInvokeConfig');
    expect(configured.map(({ properties }) => (properties.FunctionName as { Ref: string }).Ref).sort()).toEqual(
      scheduled.map(([name]) => functionOf(made, name).id).sort(),
    );
    for (const { properties } of configured) {
      expect(properties.MaximumRetryAttempts).toBe(0);
      // Of the alias: what is set of the newest code alone holds for nobody.
      expect(JSON.stringify(properties.Qualifier)).toMatch(/"Ref":"Function\w+Live\w+"/);
    }
  });

  it('logs calls by their route and never by their path, where customers’ links stand', () => {
    const [stage] = resourcesOf(made.routes, 'AWS::ApiGatewayV2::Stage');
    expect(stage?.properties).toMatchObject({
      AccessLogSettings: { Format: expect.stringContaining('$context.routeKey') },
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 100 },
    });
    expect(JSON.stringify(stage?.properties)).not.toMatch(/\$context\.(?:path|http\.path)/);
  });

  it.each(['local', 'Prod', 'x', 'a-b', ''])('refuses the stage name %j', (stage) => {
    expect(() => new Synthesised({ context: { stage } })).toThrow('lower-case letters');
  });
});

/** The actions with a prefix that are allowed on resources whose text matches. */
function actionsOn(grants: readonly Statement[], prefix: string, resource: RegExp): string[] {
  const found = grants.filter((grant) => grant.Resource.some((one) => resource.test(one)));
  return [...new Set(found.flatMap(({ Action }) => Action).filter((action) => action.startsWith(prefix)))].sort();
}
