/** The State template, deployed by somebody else's CloudFormation: it makes what the topology says, and the market runs on it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smokeTest } from '../../infra/commands/smoke/walk.ts';
import { LOCAL_CREDENTIALS } from '../../infra/local/connection.ts';
import { openMarketplace } from '../../infra/local/marketplace.ts';
import { type TableClient, tableClient, tableNames } from '../../infra/local/tables.ts';
import { queueName, tableName } from '../../infra/names.ts';
import { queues, tables } from '../../infra/topology.ts';
import { type TableId, Tables } from '../../shared/kernel/table.ts';
import { STAGE, Synthesised } from '../infra/synthesised.ts';
import { bootstrap, deploy } from './cloud.ts';
import { runMainJob } from './main-job.ts';
import { hasPackages, MOTO, startMoto } from './python.ts';

const canRun = hasPackages();
if (!canRun) console.warn(`skipped: ${MOTO}, for its packages are not here`);

/** What moto makes of a template: it knows no user pools, and with them falls what belongs to them. */
const TAKEN = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
];
type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>; Outputs?: unknown };

/** The template without what moto does not take: other types, outputs that name them, and the tags of a key. */
function takenByMoto({ Outputs: _outputs, Resources, ...rest }: Template): string {
  const taken = Object.entries(Resources).filter(([, { Type }]) => TAKEN.includes(Type));
  for (const [, resource] of taken) if (resource.Type === 'AWS::KMS::Key') delete resource.Properties.Tags;
  return JSON.stringify({ ...rest, Resources: Object.fromEntries(taken) });
}

let moto: Awaited<ReturnType<typeof startMoto>>;
let connection: TableClient;
let sqs: SQSClient;

beforeAll(async () => {
  if (!canRun) return;
  const made = new Synthesised();
  const template = takenByMoto(made.state.toJSON() as Template);
  made.remove();
  moto = await startMoto();
  await bootstrap(moto.url);
  await deploy(moto.url, `parley-${STAGE}-state`, template);
  // The same under the names of one machine, so that its marketplace finds tables and queues there.
  await deploy(moto.url, 'parley-local-state', template.replaceAll(`parley-${STAGE}-`, 'parley-local-'));
  connection = tableClient(moto.url);
  sqs = new SQSClient({ endpoint: moto.url, region: 'us-east-1', credentials: LOCAL_CREDENTIALS });
}, 120_000);
afterAll(async () => {
  connection?.close();
  sqs?.destroy();
  await moto?.stop();
});

describe.skipIf(!canRun)('the State template on moto', () => {
  it('makes exactly the tables of the topology, with their keys and indexes', async () => {
    const { TableNames } = await connection.client.send(new ListTablesCommand({}));
    const deployed = TableNames?.filter((name) => name.includes(`-${STAGE}-`));
    expect(deployed?.toSorted()).toEqual(Object.values(tableNames(STAGE)).toSorted());
    for (const [id, spec] of Object.entries(tables) as [TableId, (typeof tables)['market']][]) {
      const { Table } = await connection.client.send(new DescribeTableCommand({ TableName: tableName(STAGE, id) }));
      expect(keysOf(Table?.KeySchema)).toEqual(['pk HASH', 'sk RANGE']);
      expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
      const found = (Table?.GlobalSecondaryIndexes ?? []).map((index) =>
        [index.IndexName, ...keysOf(index.KeySchema), index.Projection?.ProjectionType].join(' '),
      );
      const expected = Object.entries(spec.indexes).map(([name, { pk, sk }]) =>
        [name, `${pk} HASH`, `${sk} RANGE`, 'KEYS_ONLY'].join(' '),
      );
      expect(found.toSorted()).toEqual(expected.toSorted());
    }
  });

  it('makes exactly the queues of the topology, each leading to its dead letters after its tries', async () => {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const names = (Object.keys(queues) as (keyof typeof queues)[]).flatMap((queue) => [
      queueName(STAGE, queue),
      queueName(STAGE, queue, true),
    ]);
    const found = new Map(QueueUrls.map((url) => [url.split('/').at(-1), url]));
    const deployed = [...found.keys()].map(String).filter((name) => name.includes(`-${STAGE}-`));
    expect(deployed.toSorted()).toEqual(names.toSorted());
    for (const [queue, spec] of Object.entries(queues)) {
      const QueueUrl = found.get(`parley-${STAGE}-${queue}`);
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      expect(Attributes?.VisibilityTimeout).toBe(String(spec.visibilitySeconds));
      const redrive = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as Record<string, unknown>;
      expect(Number(redrive.maxReceiveCount)).toBe(spec.maxReceives);
      expect(redrive.deadLetterTargetArn).toMatch(new RegExp(`:parley-${STAGE}-${queue}-dead$`));
    }
  });

  it('carries the main job, from an open round to a balanced ledger', async () => {
    const job = await runMainJob(new Tables({ client: connection.client, names: tableNames(STAGE) }));
    const [settled, balanced] = [Array.from({ length: 5 }, () => 'settled'), Array.from({ length: 5 }, () => 0)];
    expect(job.states).toEqual([...settled, ...balanced]);
  });

  it('carries the whole marketplace, which the smoke test walks over HTTP', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-moto-'));
    const before = { ...process.env };
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: moto.url, AWS_ENDPOINT_URL_SQS: moto.url });
    const lines: string[] = [];
    try {
      const market = await openMarketplace({ dataFolder: join(folder, 'data'), port: 0, terminal: () => undefined });
      const code = await smokeTest({ api: market.baseUrl, say: (line) => lines.push(line) });
      await market.stop();
      expect([code, ...lines.filter((line) => line.includes('✗'))]).toEqual([0]);
    } finally {
      for (const name of ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_SQS'] as const)
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const keysOf = (schema: readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[] = []) =>
  schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`);
