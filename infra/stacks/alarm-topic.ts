/** Where alarms go: encrypted, by TLS only, and by mail to whom the stage names. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
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
    key.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
    this.topic = new Topic(this, 'Topic', {
      topicName: `parley-${stage.name}-${name}`,
      displayName: `Parley ${stage.name}`,
      masterKey: key,
      enforceSSL: true,
    });
    if (stage.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    this.action = new SnsAction(this.topic);
  }
}
