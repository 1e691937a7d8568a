/** What every deployment may replace: the HTTP API, the functions, and what starts them. Holds no data. */
import { Duration, NestedStack, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { functionName } from '../names.ts';
import { type FunctionName, type FunctionSpec, functions, type QueueSpec, queues } from '../topology.ts';
import type { Bundled } from './bundle.ts';
import { meant } from './checks.ts';
import { LambdaFunction } from './lambda-function.ts';
import { PublicApi } from './public-api.ts';
import { Releases } from './release.ts';
import type { Stage } from './stage.ts';
import type { StateStack } from './state.ts';

export type ServiceStackProps = StackProps & {
  stage: Stage;
  state: StateStack;
  bundles: Readonly<Record<FunctionName, Bundled>>;
};

/**
 * Whether a function belongs here. What the user pool asks stands beside it in the state stack, since neither can be made before
 * the other is named; what gives out pages stands at the edge.
 */
const isOfService = ({ trigger }: FunctionSpec): boolean => trigger.kind !== 'token' && trigger.kind !== 'site';

export class ServiceStack extends Stack {
  private readonly stage: Stage;
  private readonly state: StateStack;
  private readonly releases: Releases;
  readonly api: PublicApi;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, { description: 'Parley: API, functions, schedules', ...props });
    this.stage = props.stage;
    this.state = props.state;
    this.releases = new Releases(this, 'Releases', this.stage);
    const names = (Object.keys(functions) as FunctionName[]).filter((name) => isOfService(functions[name]));
    const made = new Map(names.map((name) => [name, this.addFunction(name, props.bundles[name])]));
    // Each route is a resource, and a stack has room for 500.
    const routes = new NestedStack(this, 'Routes', { description: 'Parley: the routes of the API' });
    this.api = new PublicApi(routes, 'Api', { stage: this.stage, functions: made });
  }

  private addFunction(name: FunctionName, code: Bundled): LambdaFunction {
    const spec: FunctionSpec = functions[name];
    const made = new LambdaFunction(this, `Function-${name}`, {
      name,
      spec,
      code,
      stage: this.stage,
      state: this.state,
      releases: this.releases,
    });
    if (spec.trigger.kind === 'queue') this.consume(made, spec.trigger.queue);
    if (spec.trigger.kind === 'schedule') this.schedule(made, name, spec.trigger.everyMinutes);
    return made;
  }

  /** What failed in a batch comes again by itself; what succeeded does not. */
  private consume(made: LambdaFunction, queue: keyof typeof queues): void {
    const { batchSize, mostConsumers }: QueueSpec = queues[queue];
    const most = mostConsumers === undefined ? {} : { maxConcurrency: mostConsumers };
    made.live.addEventSource(
      new SqsEventSource(this.state.queues[queue], { batchSize, reportBatchItemFailures: true, ...most }),
    );
  }

  private schedule(made: LambdaFunction, name: FunctionName, everyMinutes: number): void {
    const rule = new Rule(this, `Schedule-${name}`, {
      ruleName: functionName(this.stage.name, name),
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new LambdaTarget(made.live, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    meant(rule, { 'Serverless-EventBusDLQ': 'The next run finds by key what one left' });
  }
}
