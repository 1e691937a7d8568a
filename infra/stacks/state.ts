/** What must outlive every deployment: tables, queues, files, people. Retained, and protected against deletion. */
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { QueueName } from '../../shared/kernel/message.ts';
import type { TableId } from '../../shared/kernel/table.ts';
import { bucketName, queueName, tableName } from '../names.ts';
import { type BucketName, buckets, functions, type QueueSpec, queues, tables } from '../topology.ts';
import type { Bundled } from './bundle.ts';
import { meant } from './checks.ts';
import { LambdaFunction, type LambdaFunctionProps } from './lambda-function.ts';
import { People } from './people.ts';
import { EDGE_REGION, originSecretName, type Stage } from './stage.ts';

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
  readonly buckets: Readonly<Record<BucketName, Bucket>>;
  readonly people: People;
  /** What the edge sends with each call, so that the API knows it: `current`, and `previous` while it is replaced. */
  readonly originSecret: Secret;

  /** `claims` is the code of the function that the user pool asks before it gives a token. */
  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage; claims: Bundled }) {
    super(scope, id, { description: 'Parley: tables, queues, files, people', terminationProtection: true, ...props });
    const { stage, claims } = props;
    this.tables = eachOf(tables, (table) => this.addTable(stage, table));
    this.deadLetters = eachOf(queues, (queue) => this.addDeadLetters(stage, queue));
    this.queues = eachOf(queues, (queue) => this.addQueue(stage, queue));
    this.buckets = eachOf(buckets, (bucket) => this.addBucket(stage, bucket));
    this.people = new People(this, 'People', stage);
    this.originSecret = this.addOriginSecret(stage);
    const name = 'token-claims';
    const asked: LambdaFunctionProps = { name, spec: functions[name], code: claims, stage, state: this };
    this.people.askBeforeTokens(new LambdaFunction(this, `Function-${name}`, asked).live);
    new CfnOutput(this, 'UserPoolId', { value: this.people.pool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: this.people.client.userPoolClientId });
    new CfnOutput(this, 'SignInUrl', { value: this.people.signInUrl });
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

  /** Nothing in it is public: browsers come with forms and links that a function signed, from wherever the web is. */
  private addBucket(stage: Stage, name: BucketName): Bucket {
    const bucket = new Bucket(this, `Bucket-${name}`, {
      bucketName: bucketName(stage.name, name, this.account, this.region),
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      cors: [{ allowedMethods: [HttpMethods.POST, HttpMethods.GET], allowedOrigins: ['*'], allowedHeaders: ['*'] }],
      lifecycleRules: [
        {
          id: 'uploads-nobody-completed',
          prefix: 'uploads/',
          expiration: Duration.days(buckets[name].uploadsKeptDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    meant(bucket, { 'AwsSolutions-S1': 'The market itself keeps who looked at which attachment' });
    return bucket;
  }

  private addOriginSecret(stage: Stage): Secret {
    const secret = new Secret(this, 'OriginSecret', {
      secretName: originSecretName(stage.name),
      description: 'By which the API knows that a call came through the edge; npm run rotate-origin-secret',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ previous: '' }),
        generateStringKey: 'current',
        passwordLength: 48,
        excludePunctuation: true,
      },
      // The edge reads it where it is deployed.
      ...(stage.region === EDGE_REGION ? {} : { replicaRegions: [{ region: EDGE_REGION }] }),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    meant(secret, { 'AwsSolutions-SMG4': 'A command replaces it, in step with the edge that sends it' });
    return secret;
  }

  private addDeadLetters(stage: Stage, name: QueueName): Queue {
    const queue = new Queue(this, `Queue-${name}-dead`, {
      ...SEALED,
      queueName: queueName(stage.name, name, true),
      retentionPeriod: DEAD_LETTERS_KEPT,
    });
    meant(queue, { 'Serverless-SQSRedrivePolicy': 'It is where messages end; an alarm tells of each' });
    return queue;
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
