/** What must outlive every deployment: tables, queues, people. Retained, and protected against deletion. */
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { QueueName } from '../../shared/kernel/message.ts';
import type { TableId } from '../../shared/kernel/table.ts';
import { type QueueSpec, queueName, queues, tableName, tables } from '../topology.ts';
import { People } from './people.ts';
import type { Stage } from './stage.ts';

/** The longest that SQS keeps a message: time for a person to look. */
const DEAD_LETTERS_KEPT = Duration.days(14);
const SEALED = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
const LONG_POLL = Duration.seconds(20);
/** The table with a key of its own: who may read money is decided apart from who may read the rest. */
const OWN_KEY: TableId = 'ledger';

export class StateStack extends Stack {
  readonly tables: Readonly<Record<TableId, Table>>;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  /** Where what a queue's consumer could not work ends. */
  readonly deadLetters: Readonly<Record<QueueName, Queue>>;
  readonly people: People;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, { description: 'Parley: tables, queues, people', terminationProtection: true, ...props });
    const { stage } = props;
    this.tables = eachOf(tables, (table) => this.addTable(stage, table));
    this.deadLetters = eachOf(queues, (queue) => this.addDeadLetters(stage, queue));
    this.queues = eachOf(queues, (queue) => this.addQueue(stage, queue));
    this.people = new People(this, 'People', stage);
    new CfnOutput(this, 'UserPoolId', { value: this.people.pool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: this.people.client.userPoolClientId });
  }

  private addTable(stage: Stage, id: TableId): Table {
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    const table = new Table(this, `Table-${id}`, {
      tableName: tableName(stage.name, id),
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      ...(tables[id].timeToLive === undefined ? {} : { timeToLiveAttribute: tables[id].timeToLive }),
      removalPolicy: RemovalPolicy.RETAIN,
      ...(id === OWN_KEY
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: this.addKey(stage, id) }
        : { encryption: TableEncryption.AWS_MANAGED }),
    });
    for (const [indexName, index] of Object.entries(tables[id].indexes))
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: text(index.pk),
        sortKey: text(index.sk),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    return table;
  }

  private addKey(stage: Stage, table: TableId): Key {
    return new Key(this, `Key-${table}`, {
      alias: `parley-${stage.name}-${table}`,
      description: `Encrypts the table ${tableName(stage.name, table)}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private addDeadLetters(stage: Stage, name: QueueName): Queue {
    return new Queue(this, `Queue-${name}-dead`, {
      ...SEALED,
      queueName: queueName(stage.name, name, true),
      retentionPeriod: DEAD_LETTERS_KEPT,
    });
  }

  private addQueue(stage: Stage, name: QueueName): Queue {
    const spec: QueueSpec = queues[name];
    return new Queue(this, `Queue-${name}`, {
      ...SEALED,
      queueName: queueName(stage.name, name),
      visibilityTimeout: Duration.seconds(spec.visibilitySeconds),
      receiveMessageWaitTime: LONG_POLL,
      deadLetterQueue: { queue: this.deadLetters[name], maxReceiveCount: spec.maxReceives },
    });
  }
}

function eachOf<Name extends string, Made>(
  specs: Record<Name, unknown>,
  make: (name: Name) => Made,
): Record<Name, Made> {
  const made = (Object.keys(specs) as Name[]).map((name) => [name, make(name)]);
  return Object.fromEntries(made) as Record<Name, Made>;
}
