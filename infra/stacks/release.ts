/**
 * How new code goes live. Callers reach a function through its alias `live`; a new version takes a tenth of the calls for
 * five minutes, then all, and where the function's alarm rings meanwhile the alias goes back by itself. Nobody waits.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type AliasProps, type Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functionName } from '../names.ts';
import { type FunctionName, functions } from '../topology.ts';
import { meant } from './checks.ts';
import type { Stage } from './stage.ts';

const LIVE = 'live';
/** Two in one minute: a single failure may be anybody's. */
const MOST_FAILURES = 1;

/** The name of the alarm of one function: those of the service together are one alarm of the watch. */
export const failureAlarmName = (stage: string, name: string): string => `parley-${stage}-${name}-fails`;
/** The name under which a function behind the API counts what it answered with 5xx; see `functions/middleware/api.ts`. */
export const failedCallsName = (name: string): string => `failed:${name}`;
export const metricNamespace = (stage: string): string => `Parley/${stage}`;

export class Releases extends Construct {
  private readonly stage: Stage;
  private readonly application: LambdaApplication;
  private readonly role: Role;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.stage = stage;
    this.application = new LambdaApplication(this, 'Application', { applicationName: `${Stack.of(this).stackName}` });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    this.role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
    meant(this, {
      'AwsSolutions-IAM5[Resource::*]': 'CodeDeploy asks for alarms as AWS’s own policy for it has them: all',
    });
  }

  /** The alias through which a function of the topology is called. */
  live(scope: Construct, name: FunctionName, lambda: Lambda, options: Partial<AliasProps> = {}): Alias {
    const alias = new Alias(scope, 'Live', { ...options, aliasName: LIVE, version: lambda.currentVersion });
    const group = new LambdaDeploymentGroup(scope, 'Release', {
      application: this.application,
      // Else it would be given a policy of AWS's for all functions of the account.
      role: this.role.withoutPolicyUpdates(),
      alias,
      alarms: [failureAlarm(scope, this.stage, name)],
      deploymentConfig: this.stage.hasCanary
        ? LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES
        : LambdaDeploymentConfig.ALL_AT_ONCE,
      ignoreAlarmConfiguration: !this.stage.hasCanary,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
        resources: [`${lambda.functionArn}:${LIVE}`, lambda.functionArn],
      }),
    );
    // What deploys must be allowed to before the first deployment.
    group.node.addDependency(this.role);
    return alias;
  }
}

/** Rings when a function ends in errors, is turned away by Lambda, or answers 5xx, more than once in a minute. */
export function failureAlarm(scope: Construct, stage: Stage, name: FunctionName): Alarm {
  const sum = { statistic: Stats.SUM, period: Duration.minutes(1) };
  const dimensionsMap = { FunctionName: functionName(stage.name, name) };
  const failed: Record<string, IMetric> = {
    errors: new Metric({ ...sum, namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap }),
    throttles: new Metric({ ...sum, namespace: 'AWS/Lambda', metricName: 'Throttles', dimensionsMap }),
  };
  if (functions[name].trigger.kind === 'api')
    failed.calls = new Metric({
      ...sum,
      namespace: metricNamespace(stage.name),
      metricName: 'Alarms',
      dimensionsMap: { Alarm: failedCallsName(name) },
    });
  const parts = Object.keys(failed).map((part) => `FILL(${part}, 0)`);
  return new Alarm(scope, `Fails-${name}`, {
    alarmName: failureAlarmName(stage.name, name),
    alarmDescription: `${name} fails or is turned away.`,
    metric: new MathExpression({ expression: parts.join(' + '), usingMetrics: failed, period: sum.period }),
    threshold: MOST_FAILURES,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
