/**
 * The one construct for every Lambda: its code, its environment, its role, its log. A function may do what its entry in
 * the topology grants, action by action, and nothing else.
 */
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as Lambda,
  LoggingFormat,
  ParamsAndSecretsLayerVersion,
  ParamsAndSecretsVersions,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { TableId } from '../../shared/kernel/table.ts';
import { bucketName, functionName } from '../names.ts';
import {
  type BucketName,
  type BucketUse,
  type FunctionName,
  type FunctionSpec,
  type TableUse,
  tables,
} from '../topology.ts';
import { type Bundled, HANDLER } from './bundle.ts';
import { meant } from './checks.ts';
import { MARKET_GROUP } from './people.ts';
import { metricNamespace, type Releases } from './release.ts';
import { originSecretName, receiptKeysParameter, type Stage, signingKeyParameter, stripeParameter } from './stage.ts';
import type { StateStack } from './state.ts';

export type LambdaFunctionProps = {
  name: FunctionName;
  spec: FunctionSpec;
  code: Bundled;
  stage: Stage;
  state: StateStack;
  /** How new code goes live; without, at once. */
  releases?: Releases;
  /** Variables beside those that follow from the topology. */
  variables?: Record<string, string>;
};

const READ_TABLE = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const READ_INDEX = ['dynamodb:Query'];
/** A transaction is allowed by the actions of its parts. */
const CHANGES: Readonly<Record<string, string>> = {
  put: 'dynamodb:PutItem',
  update: 'dynamodb:UpdateItem',
  delete: 'dynamodb:DeleteItem',
  check: 'dynamodb:ConditionCheckItem',
};
/** Entries of the ledger are only ever added: whoever else may write there may not touch one. */
const CHANGE_ITEM = ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
const keysLike = (...beginnings: string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': beginnings.map((beginning) => `${beginning}*`) },
});
const ENTRIES = { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['E#*'] } };
const TAKE_MESSAGES = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];
const OBJECTS: Readonly<Record<BucketUse, string>> = {
  read: 's3:GetObject',
  put: 's3:PutObject',
  remove: 's3:DeleteObject',
};
const READ_KEY = ['kms:Decrypt', 'kms:DescribeKey'];
const WRITE_KEY = [
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

const queueVariable = (queue: string): string => `QUEUE_${queue.toUpperCase().replaceAll('-', '_')}`;

const STRIPE_VARIABLE = { calls: 'STRIPE_KEY_PARAMETER', events: 'STRIPE_SECRETS_PARAMETER' } as const;
const FOLDERS = ['uploads', 'kept'];
const OBJECTS_WHY = 'Objects are named by the requests they belong to';
const bucketArn = (stage: Stage, name: BucketName, account: string, partition: string): string =>
  `arn:${partition}:s3:::${bucketName(stage.name, name, account, stage.region)}`;
/** The objects that a function may touch, as a finding of the checks writes them. */
const objectsOf = ({ buckets = {} }: FunctionSpec, stage: Stage): string[] =>
  (Object.keys(buckets) as BucketName[]).flatMap((name) =>
    FOLDERS.map((folder) => `${bucketArn(stage, name, '<AWS::AccountId>', '<AWS::Partition>')}/${folder}/*`),
  );
const isBehindEdge = (spec: FunctionSpec): boolean => spec.trigger.kind === 'api';
const usesSigningKey = ({ trigger, signsIn, usesSigningKey: asks }: FunctionSpec): boolean =>
  asks === true || (trigger.kind === 'api' && signsIn !== true);

const readsSecrets = (spec: FunctionSpec): boolean =>
  isBehindEdge(spec) || usesSigningKey(spec) || spec.stripe !== undefined;

export class LambdaFunction extends Construct {
  /** How callers reach it; a new version of the code takes their calls over step by step. */
  readonly live: Alias | Lambda;
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
      // The functions' own lines say what a start and an end would, and are a third of their size.
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
      // Accounts begin with ten at once in all: a stage to try things needs no quota raised first.
      ...(spec.mostAtOnce === undefined || !stage.hasCanary ? {} : { reservedConcurrentExecutions: spec.mostAtOnce }),
      ...(readsSecrets(spec) ? { paramsAndSecrets: parameterExtension() } : {}),
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
    this.live = props.releases?.live(this, name, this.lambda, once) ?? this.lambda;
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
      // Mails, invoices and signed links name it.
      SITE_URL: stage.siteUrl,
      ...Object.fromEntries(granted.map((id) => [`TABLE_${id.toUpperCase()}`, state.tables[id].tableName])),
      ...Object.fromEntries(spec.sends.map((queue) => [`${queueVariable(queue)}_URL`, state.queues[queue].queueUrl])),
      ...Object.fromEntries(
        (spec.redrives ?? []).map((queue) => [`${queueVariable(queue)}_DEAD_URL`, state.deadLetters[queue].queueUrl]),
      ),
      ...Object.fromEntries(
        (Object.keys(spec.buckets ?? {}) as BucketName[]).map((bucket) => [
          `BUCKET_${bucket.toUpperCase()}`,
          state.buckets[bucket].bucketName,
        ]),
      ),
      ...(spec.trigger.kind === 'api'
        ? {
            ISSUER: state.people.issuer,
            CLIENT_ID: state.people.client.userPoolClientId,
            ORIGIN_SECRET: originSecretName(stage.name),
            ...(spec.signsIn === true ? { SIGN_IN_URL: state.people.signInUrl } : { MARKET_GROUP }),
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
    for (const [id, uses] of Object.entries(spec.tables) as [TableId, readonly TableUse[]][]) {
      const { tableArn, encryptionKey } = state.tables[id];
      const indexes = Object.keys(tables[id].indexes).filter((index) => uses.some((use) => use === index));
      if (uses.includes('read')) this.allow(READ_TABLE, [tableArn]);
      if (indexes.length > 0)
        this.allow(
          READ_INDEX,
          indexes.map((index) => `${tableArn}/index/${index}`),
        );
      this.grantChanges(tableArn, uses);
      const changes = uses.some((use) => /^(?:put|update|delete)/.test(use));
      if (id === 'ledger' && uses.some((use) => use === 'update' || use === 'delete'))
        this.deny(CHANGE_ITEM, [tableArn], ENTRIES);
      if (encryptionKey === undefined) continue;
      const through = { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` } };
      this.allow(changes ? [...READ_KEY, ...WRITE_KEY] : READ_KEY, [encryptionKey.keyArn], through);
    }
  }

  /** What changes items anywhere in the table, then what does only under keys that begin as the topology says. */
  private grantChanges(tableArn: string, uses: readonly TableUse[]): void {
    const anywhere = uses.flatMap((use) => CHANGES[use] ?? []);
    if (anywhere.length > 0) this.allow(anywhere, [tableArn]);
    for (const [change, action] of Object.entries(CHANGES)) {
      const beginnings = uses.flatMap((use) => (use.startsWith(`${change} `) ? [use.slice(change.length + 1)] : []));
      if (beginnings.length > 0) this.allow([action], [tableArn], keysLike(...beginnings));
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
    for (const [name, uses] of Object.entries(this.props.spec.buckets ?? {}) as [BucketName, readonly BucketUse[]][]) {
      const bucket = this.bucketArn(name);
      this.allow(
        uses.map((use) => OBJECTS[use]),
        FOLDERS.map((folder) => `${bucket}/${folder}/*`),
      );
      if (uses.includes('read')) this.allow(['s3:ListBucket'], [bucket]);
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
