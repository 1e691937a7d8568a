/**
 * What stands before everything, in us-east-1 as CloudFront demands: the firewall, the distribution with its domain, the web
 * app's files and the function that gives out its pages. Replaceable; holds no data.
 */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { alarms } from '../alarms.ts';
import { functions } from '../topology.ts';
import { AlarmTopic } from './alarm-topic.ts';
import type { Bundled } from './bundle.ts';
import { Firewall } from './firewall.ts';
import { FrontDoor } from './front-door.ts';
import { LambdaFunction } from './lambda-function.ts';
import { edgeErrors } from './measures.ts';
import { Releases } from './release.ts';
import type { Stage } from './stage.ts';
import type { StateStack } from './state.ts';
import { addAlarm } from './watch.ts';
import { type StagedWeb, WebFiles } from './web-files.ts';

export type EdgeStackProps = StackProps & {
  stage: Stage;
  state: StateStack;
  apiId: string;
  site: Bundled;
  web: StagedWeb;
};

export class EdgeStack extends Stack {
  readonly frontDoor: FrontDoor;

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, { description: 'Parley: web, firewall, the name of it all', ...props });
    const { stage, state, web } = props;
    const files = new WebFiles(this, 'Files', { stage, web });
    const site = new LambdaFunction(this, 'Function-site', {
      name: 'site',
      spec: functions.site,
      code: props.site,
      stage,
      state,
      releases: new Releases(this, 'Releases', stage),
      variables: { WEB_CONFIG: this.toJsonString(state.people.webConfig) },
    });
    // Files before the pages that name them.
    site.live.node.addDependency(files.uploaded);
    this.frontDoor = new FrontDoor(this, 'FrontDoor', {
      stage,
      files: files.bucket,
      filePaths: web.paths,
      pages: site.live.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }),
      apiId: props.apiId,
      firewallArn: new Firewall(this, 'Firewall', stage).arn,
    });
    // Its metrics are here, wherever the rest of the stage is, and a topic rings for alarms of its own region only.
    const alarm = addAlarm(this, stage, 'edge-fails', edgeErrors(this.frontDoor.distribution, alarms['edge-fails']));
    alarm.addAlarmAction(new AlarmTopic(this, 'Alarms', stage, 'edge-alarms').action);
    new CfnOutput(this, 'SiteUrl', {
      value: stage.domain === undefined ? `https://${this.frontDoor.distribution.domainName}` : stage.siteUrl,
    });
  }
}
