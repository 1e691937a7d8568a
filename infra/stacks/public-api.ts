/** The HTTP API: one route for each route of the registry, one integration for each function. Handlers know their callers. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, type HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { servedRoutes } from '../../shared/api/registry.ts';
import type { FunctionName } from '../topology.ts';
import { ACCESS_LINE } from './access-line.ts';
import { meant } from './checks.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { Stage } from './stage.ts';

export type PublicApiProps = { stage: Stage; functions: ReadonlyMap<string, LambdaFunction> };

export class PublicApi extends Construct {
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: PublicApiProps) {
    super(scope, id);
    const integrations = new Map<FunctionName, HttpLambdaIntegration>();
    const integrationOf = (name: FunctionName): HttpLambdaIntegration => {
      const integration = integrations.get(name) ?? integrate(name, props.functions);
      integrations.set(name, integration);
      return integration;
    };
    this.api = new HttpApi(this, 'Http', {
      apiName: `parley-${props.stage.name}`,
      createDefaultStage: false,
      // It has no route of that name, and answers with the problem that says so.
      defaultIntegration: integrationOf('api-market'),
    });
    this.addStage(props.stage);
    meant(this, {
      'AwsSolutions-APIG4': 'Handlers check tokens, API keys and customers’ links, each route by its own entry',
    });
    for (const route of servedRoutes) {
      if (route.localOnly === true || route.function === 'local') continue;
      const integration = integrationOf(`api-${route.function}`);
      this.api.addRoutes({ path: route.path, methods: [route.method as HttpMethod], integration });
    }
  }

  get id(): string {
    return this.api.apiId;
  }

  private addStage(stage: Stage): void {
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/parley-${stage.name}-api`,
      retention: stage.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.calls.perSecond, burstLimit: stage.calls.burst },
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LINE)),
      },
    });
  }
}

/** One permission for the whole API, where the default is one for each route: the function serves them all. */
function integrate(name: FunctionName, made: ReadonlyMap<string, LambdaFunction>): HttpLambdaIntegration {
  const found = made.get(name);
  if (found === undefined) throw new Error(`the registry names the function ${name}; the topology has none`);
  return new HttpLambdaIntegration(`Integration-${name}`, found.live, { scopePermissionToRoute: false });
}
