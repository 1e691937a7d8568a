/**
 * The one construct for every Lambda: its code, its environment, its role, its log. A function may do what its entry in
 * the topology grants, action by action, and nothing else.
 */
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  Architecture,
  Code,
  Function as Lambda,
  ParamsAndSecretsLayerVersion,
  ParamsAndSecretsVersions,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { TableId } from '../../shared/kernel/table.ts';
import { type Access, type BucketName, bucketName, type FunctionSpec, tables } from '../topology.ts';
import { type Bundled, HANDLER } from './bundle.ts';
import { meant } from './checks.ts';
import { metricNamespace, type Releases } from './release.ts';
import { originSecretName, receiptKeysParameter, type Stage, signingKeyParameter, stripeParameter } from './stage.ts';
import type { StateStack } from './state.ts';

export type LambdaFunctionProps = {
  name: string;
  spec: FunctionSpec;
  code: Bundled;
  stage: Stage;
  state: StateStack;
  releases: Releases;
  /** Variables beside those that follow from the topology. */
  variables?: Record<string, string>;
};

const READ_TABLE = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const READ_INDEX = ['dynamodb:Query'];
/** A transaction is allowed by the actions of its parts. */
const WRITE_TABLE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'];
const APPEND_TO_TABLE = ['dynamodb:PutItem'];
/** Entries of the ledger are only ever added: whoever else may write there may not touch one. */
const CHANGE_ITEM = ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
const ENTRIES = { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['E#*'] } };
const TAKE_MESSAGES = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];
const OBJECTS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
const READ_KEY = ['kms:Decrypt', 'kms:DescribeKey'];
const WRITE_KEY = [
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

const queueVariable = (queue: string): string => `QUEUE_${queue.toUpperCase().replaceAll('-', '_')}`;

/** The deployed name of a function. */
export const functionName = (stage: string, name: string): string => `parley-${stage}-${name}`;

const STRIPE_VARIABLE = { calls: 'STRIPE_KEY_PARAMETER', events: 'STRIPE_SECRETS_PARAMETER' } as const;
const FOLDERS = ['uploads', 'kept'];
const OBJECTS_WHY = 'Objects are named by the requests they belong to';
const bucketArn = (stage: Stage, name: BucketName, account: string, partition: string): string =>
  `arn:${partition}:s3:::${bucketName(stage.name, name, account, stage.region)}`;
/** The objects that a function may touch, as a finding of the checks writes them. */
const objectsOf = ({ buckets = [] }: FunctionSpec, stage: Stage): string[] =>
  buckets.flatMap((name) =>
    FOLDERS.map((folder) => `${bucketArn(stage, name, '<AWS::AccountId>', '<AWS::Partition>')}/${folder}/*`),
  );
const isBehindEdge = (spec: FunctionSpec): boolean => spec.trigger.kind === 'api';
const usesSigningKey = (spec: FunctionSpec): boolean => spec.trigger.kind === 'api' || spec.usesSigningKey === true;

export class LambdaFunction extends Construct {
  /** How callers reach it; a new version of the code takes their calls over step by step. */
  readonly live: Alias;
  private readonly lambda: Lambda;
  private readonly props: LambdaFunctionProps;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    this.props = props;
    const { name, spec, code, stage, state } = props;
    const deployedName = functionName(stage.name, name);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${deployedName}`,
      retention: stage.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: the one made by default may write to every log of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.lambda = new Lambda(this, 'Function', {
      functionName: deployedName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: HANDLER,
      code: Code.fromAsset(code.folder),
      timeout: Duration.seconds(spec.timeoutSeconds),
      memorySize: spec.memoryMb,
      environment: this.environment(),
      role: this.role,
      logGroup,
      tracing: Tracing.ACTIVE,
      // Accounts begin with ten at once in all: a stage to try things needs no quota raised first.
      ...(spec.mostAtOnce === undefined || !stage.hasCanary ? {} : { reservedConcurrentExecutions: spec.mostAtOnce }),
      ...(usesSigningKey(spec) || spec.stripe !== undefined ? { paramsAndSecrets: parameterExtension() } : {}),
    });
    this.grantTables();
    this.grantQueues();
    if (usesSigningKey(spec)) this.grantParameter(signingKeyParameter(stage.name));
    if (spec.signsReceipts === true) this.grantParameter(receiptKeysParameter(stage.name));
    if (spec.stripe !== undefined) this.grantParameter(stripeParameter(stage.name, spec.stripe));
    this.grantBuckets();
    if (isBehindEdge(spec)) this.allow(['secretsmanager:GetSecretValue'], [state.originSecret.secretArn]);
    // The next minute's run does what a failed one left.
    const once = spec.trigger.kind === 'schedule' ? { retryAttempts: 0, maxEventAge: Duration.minutes(1) } : {};
    this.live = props.releases.live(this, name, this.lambda, once);
    meant(this, {
      'AwsSolutions-IAM5[Resource::*]': 'X-Ray has no resources to name',
      ...Object.fromEntries(
        objectsOf(spec, stage).map((path) => [`AwsSolutions-IAM5[Resource::${path}]`, OBJECTS_WHY]),
      ),
      'Serverless-LambdaDLQ':
        'The gateway waits for the answer, a queue keeps its message, and the next run does what one left',
      'Serverless-LambdaAsyncFailureDestination': 'The next minute’s run does what a failed one left',
      'Serverless-LambdaEventSourceMappingDestination':
        'A queue has its own dead letters; destinations are for streams',
    });
  }

  private bucketArn(name: BucketName): string {
    const { stage } = this.props;
    return bucketArn(stage, name, Aws.ACCOUNT_ID, Aws.PARTITION);
  }

  /** The variables that `functions/aws.ts` reads: only of what the function may use. */
  private environment(): Record<string, string> {
    const { spec, state, stage } = this.props;
    const granted = Object.keys(spec.tables) as TableId[];
    return {
      NODE_OPTIONS: '--enable-source-maps',
      METRICS: metricNamespace(stage.name),
      SITE_URL: stage.siteUrl,
      ...Object.fromEntries(granted.map((id) => [`TABLE_${id.toUpperCase()}`, state.tables[id].tableName])),
      ...Object.fromEntries(spec.sends.map((queue) => [`${queueVariable(queue)}_URL`, state.queues[queue].queueUrl])),
      ...Object.fromEntries(
        (spec.redrives ?? []).map((queue) => [`${queueVariable(queue)}_DEAD_URL`, state.deadLetters[queue].queueUrl]),
      ),
      ...Object.fromEntries(
        (spec.buckets ?? []).map((bucket) => [`BUCKET_${bucket.toUpperCase()}`, state.buckets[bucket].bucketName]),
      ),
      ...(spec.trigger.kind === 'api'
        ? {
            ISSUER: state.people.issuer,
            CLIENT_ID: state.people.client.userPoolClientId,
            ORIGIN_SECRET: originSecretName(stage.name),
          }
        : {}),
      ...(usesSigningKey(spec) ? { SIGNING_KEY_PARAMETER: signingKeyParameter(stage.name) } : {}),
      ...(spec.signsReceipts === true ? { RECEIPT_KEYS_PARAMETER: receiptKeysParameter(stage.name) } : {}),
      ...(spec.stripe === undefined
        ? {}
        : { [STRIPE_VARIABLE[spec.stripe]]: stripeParameter(stage.name, spec.stripe) }),
      ...this.props.variables,
    };
  }

  private allow(actions: readonly string[], resources: string[], conditions: Record<string, unknown> = {}): void {
    this.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources, conditions }));
  }

  private deny(actions: readonly string[], resources: string[], conditions: Record<string, unknown>): void {
    this.role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: [...actions], resources, conditions }));
  }

  private grantTables(): void {
    const { spec, state } = this.props;
    for (const [id, access] of Object.entries(spec.tables) as [TableId, Access][]) {
      const table = state.tables[id];
      const indexes = Object.keys(tables[id].indexes).map((index) => `${table.tableArn}/index/${index}`);
      this.allow(READ_TABLE, [table.tableArn]);
      if (indexes.length > 0) this.allow(READ_INDEX, indexes);
      if (access === 'append') this.allow(APPEND_TO_TABLE, [table.tableArn]);
      if (access === 'write') this.allow(WRITE_TABLE, [table.tableArn]);
      if (access === 'write' && id === 'ledger') this.deny(CHANGE_ITEM, [table.tableArn], ENTRIES);
      if (table.encryptionKey === undefined) continue;
      const through = { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` } };
      this.allow(access === 'read' ? READ_KEY : [...READ_KEY, ...WRITE_KEY], [table.encryptionKey.keyArn], through);
    }
  }

  private grantQueues(): void {
    const arns = this.props.spec.sends.map((queue) => this.props.state.queues[queue].queueArn);
    if (arns.length > 0) this.allow(['sqs:SendMessage'], arns);
    const dead = (this.props.spec.redrives ?? []).map((queue) => this.props.state.deadLetters[queue].queueArn);
    if (dead.length > 0) this.allow(TAKE_MESSAGES, dead);
  }

  /** S3 tells those who may list a bucket that an object is not there; to others it is forbidden, as all else is. */
  private grantBuckets(): void {
    for (const name of this.props.spec.buckets ?? []) {
      const bucket = this.bucketArn(name);
      this.allow(
        OBJECTS,
        FOLDERS.map((folder) => `${bucket}/${folder}/*`),
      );
      this.allow(['s3:ListBucket'], [bucket]);
    }
  }

  /** The parameter is encrypted with the account's own key for parameters, which needs no grant beside this. */
  private grantParameter(name: string): void {
    const resourceName = name.slice(1);
    this.allow(
      ['ssm:GetParameter'],
      [Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName })],
    );
  }
}

/** The extension layer through which a function reads its parameter; it keeps what it read for five minutes. */
const parameterExtension = (): ParamsAndSecretsLayerVersion =>
  ParamsAndSecretsLayerVersion.fromVersion(ParamsAndSecretsVersions.V1_0_103);
