/** What looks at the templates finds nothing: CDK's own validation, AWS Solutions, Serverless. And it does look. */
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../infra/stacks/checks.ts';
import { resourcesOf, Synthesised } from './synthesised.ts';

/** The stage of real work, far from the edge's region. */
const context = { stage: 'prod', domain: 'parley.example', zoneId: 'Z0123456789', region: 'eu-central-1' };
let made: Synthesised;
beforeAll(() => {
  // Throws what is found that is not explained.
  made = new Synthesised({ context, isChecked: true });
}, 120_000);
afterAll(() => made.remove());

describe('the checks', () => {
  it('find nothing in the real stage that is not explained', () => {
    for (const template of made.all)
      expect(Object.keys(template.toJSON().Resources as object).length).toBeGreaterThan(0);
  });

  it('find a bucket that anybody made without a thought', () => {
    const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
    check(app);
    new Bucket(new Stack(app, 'careless'), 'Bucket');
    expect(() => app.synth()).toThrow('AwsSolutions-S10');
  });
});

describe('the real stage', () => {
  it('has its domain, with a certificate and records, whatever region the rest is in', () => {
    const [distribution] = resourcesOf(made.edge, 'AWS::CloudFront::Distribution');
    expect(distribution?.properties.DistributionConfig).toMatchObject({
      Aliases: ['parley.example'],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
    const records = resourcesOf(made.edge, 'AWS::Route53::RecordSet').map(({ properties }) => String(properties.Type));
    expect(records.sort()).toEqual(['A', 'AAAA']);
    // From one region to another an output is read where it is.
    expect(JSON.stringify(distribution)).toContain('"Region":"eu-central-1"');
    const [secret] = resourcesOf(made.state, 'AWS::SecretsManager::Secret');
    expect(secret?.properties.ReplicaRegions).toEqual([{ Region: 'us-east-1' }]);
  });

  it('lets new code take a tenth of the calls for five minutes, and takes it back when its alarm rings', () => {
    for (const template of [made.service, made.edge])
      for (const { properties } of resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup')) {
        expect(properties).toMatchObject({
          DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
          AlarmConfiguration: { Enabled: true },
          AutoRollbackConfiguration: {
            Enabled: true,
            Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
          },
        });
        expect((properties.AlarmConfiguration as { Alarms: unknown[] }).Alarms).toHaveLength(1);
      }
  });

  it('lets no more calls to Stripe at once than the topology says', () => {
    const reserved = resourcesOf(made.service, 'AWS::Lambda::Function').flatMap(({ properties }) =>
      properties.ReservedConcurrentExecutions === undefined
        ? []
        : [[properties.FunctionName, properties.ReservedConcurrentExecutions]],
    );
    expect(Object.fromEntries(reserved)).toEqual({
      'parley-prod-api-billing': 20,
      'parley-prod-api-money': 10,
      'parley-prod-schedule-finance': 1,
    });
    const mappings = resourcesOf(made.service, 'AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
    const most = mappings.flatMap(
      ({ ScalingConfig }) => (ScalingConfig as { MaximumConcurrency: number } | undefined)?.MaximumConcurrency ?? [],
    );
    expect(most.sort((a, b) => a - b)).toEqual([2, 5]);
  });
});
