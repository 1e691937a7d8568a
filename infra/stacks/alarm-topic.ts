/** Where alarms go: encrypted, by TLS only, and by mail to whom the stage names. */
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { meant } from './checks.ts';
import type { Stage } from './stage.ts';

export class AlarmTopic extends Construct {
  readonly action: IAlarmAction;
  readonly topic: Topic;

  /** `name`: of the topic, after the stage's. */
  constructor(scope: Construct, id: string, stage: Stage, name = 'alarms') {
    super(scope, id);
    // AWS's own key for topics does not let alarms in.
    const key = new Key(this, 'Key', {
      description: `Encrypts the alarms of parley-${stage.name}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    const alarms = { principals: [new ServicePrincipal('cloudwatch.amazonaws.com')] };
    key.addToResourcePolicy(
      new PolicyStatement({ ...alarms, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
    );
    this.topic = new Topic(this, 'Topic', {
      topicName: `parley-${stage.name}-${name}`,
      displayName: `Parley ${stage.name}`,
      masterKey: key,
      enforceSSL: true,
    });
    // A policy of its own takes the place of the one that lets the account's alarms in.
    const resourceName = `parley-${stage.name}-*`;
    const ownAlarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        ...alarms,
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': ownAlarms } },
      }),
    );
    meant(this, { 'Serverless-SNSRedrivePolicy': 'What a mailbox does not take, the dashboard still shows' });
    if (stage.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    this.action = new SnsAction(this.topic);
  }
}
