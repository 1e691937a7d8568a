/** The firewall before everything: AWS's managed rules, and limits of how often one source may call. Of CloudFront's scope. */
import { type CfnResource, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ORIGIN_HEADER } from './front-door.ts';
import type { Stage } from './stage.ts';

/** Calls of one address without a login in five minutes. */
const CALLS_WITHOUT_LOGIN = 3_000;
/** Tries of one address to sign in in five minutes. */
const SIGN_INS = 100;
const WINDOW_SECONDS = 300;

/**
 * Rules of the managed groups that only count. What customers write is data, never a page or a command here, and must
 * arrive whatever stands in it; bodies have a limit of their own, and programs need no name.
 */
const ONLY_COUNTED: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesCommonRuleSet: [
    'CrossSiteScripting_BODY',
    'EC2MetaDataSSRF_BODY',
    'GenericLFI_BODY',
    'GenericRFI_BODY',
    'SizeRestrictions_BODY',
    'SizeRestrictions_QUERYSTRING',
    'NoUserAgent_HEADER',
  ],
  AWSManagedRulesKnownBadInputsRuleSet: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY'],
  AWSManagedRulesAmazonIpReputationList: [],
};

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;

export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const name = `parley-${stage.name}`;
    const rules: Omit<Rule, 'priority'>[] = [
      ...Object.keys(ONLY_COUNTED).map((group) => managed(group)),
      limit('sign-ins', SIGN_INS, 'IP', startsWith('/auth/')),
      limit('calls-without-login', CALLS_WITHOUT_LOGIN, 'IP', { notStatement: { statement: HAS_LOGIN } }),
      // One login may use all that the API lets through, from wherever; nobody's takes what is another's five minutes long.
      limit('calls-of-one-login', stage.calls.perSecond * WINDOW_SECONDS, 'LOGIN', HAS_LOGIN),
    ];
    const acl = new CfnWebACL(this, 'Acl', {
      name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rules: rules.map((rule, priority) => ({ ...rule, priority })),
      visibilityConfig: seen(name),
    });
    this.arn = acl.attrArn;
    this.log(stage, acl);
  }

  /** Of what was turned away; never of paths, since in some stands a customer's link, and never of who is signed in. */
  private log(stage: Stage, acl: CfnWebACL): void {
    const group = new LogGroup(this, 'Log', {
      // WAF takes names that begin like this only.
      logGroupName: `aws-waf-logs-parley-${stage.name}`,
      retention: stage.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [withoutStar(group.logGroupArn)],
      redactedFields: [
        { uriPath: {} },
        { queryString: {} },
        ...['authorization', 'cookie', ORIGIN_HEADER].map((Name) => ({ singleHeader: { Name } })),
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          { Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] },
        ],
      },
    });
    logging.addResourceDependency(group.node.defaultChild as CfnResource);
  }
}

/** WAF takes the name of a group of logs without what stands for its streams. */
const withoutStar = (arn: string): string => Fn.select(0, Fn.split(':*', arn));

const seen = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});

function managed(group: string): Omit<Rule, 'priority'> {
  const ruleActionOverrides = (ONLY_COUNTED[group] ?? []).map((name) => ({ name, actionToUse: { count: {} } }));
  return {
    name: group,
    overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: group, ruleActionOverrides } },
    visibilityConfig: seen(group),
  };
}

/** Turns away what one source does more often in five minutes. */
function limit(name: string, most: number, by: 'IP' | 'LOGIN', of: Statement): Omit<Rule, 'priority'> {
  const sources =
    by === 'IP'
      ? { aggregateKeyType: 'IP' }
      : {
          aggregateKeyType: 'CUSTOM_KEYS',
          customKeys: [{ header: { name: 'authorization', textTransformations: [AS_IS] } }],
        };
  return {
    name,
    action: {
      block: { customResponse: { responseCode: 429, responseHeaders: [{ name: 'retry-after', value: '60' }] } },
    },
    statement: {
      rateBasedStatement: { limit: most, evaluationWindowSec: WINDOW_SECONDS, scopeDownStatement: of, ...sources },
    },
    visibilityConfig: seen(name),
  };
}

const AS_IS = { priority: 0, type: 'NONE' };
const startsWith = (path: string): Statement => ({
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'STARTS_WITH',
    searchString: path,
    textTransformations: [AS_IS],
  },
});
const HAS_LOGIN: Statement = {
  sizeConstraintStatement: {
    fieldToMatch: { singleHeader: { Name: 'authorization' } },
    comparisonOperator: 'GT',
    size: 0,
    textTransformations: [AS_IS],
  },
};
