/** What stands before the market: one name, nothing open beside it, and nothing of a customer's link in a log. */
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ORIGIN_HEADER, VIEWER_HEADER } from '../../functions/middleware/edge.ts';
import { handler } from '../../functions/site/site.ts';
import { functionOf, resourcesOf, STAGE, Synthesised, statementsOf } from './synthesised.ts';

type Behavior = { PathPattern?: string; TargetOriginId: string; ViewerProtocolPolicy: string; CachePolicyId: string };
type Origin = {
  Id: string;
  OriginAccessControlId?: unknown;
  CustomOriginConfig?: { OriginProtocolPolicy: string };
  OriginCustomHeaders?: { HeaderName: string; HeaderValue: string }[];
};
type Config = {
  DefaultCacheBehavior: Behavior;
  CacheBehaviors: Behavior[];
  Origins: Origin[];
  CustomErrorResponses: { ErrorCode: number; ErrorCachingMinTTL: number }[];
  Aliases?: string[];
  ViewerCertificate?: { MinimumProtocolVersion: string };
  WebACLId: { 'Fn::GetAtt': string[] };
};

/** CloudFront's own policies: keep nothing, and keep as the file says. */
const KEEPS_NOTHING = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const KEEPS_FILES = '658327ea-f89d-4fab-a63d-7e88639e58f6';

let made: Synthesised;
let config: Config;
beforeAll(() => {
  made = Synthesised.shared();
  config = configOf(made);
}, 120_000);

function configOf({ edge }: Synthesised): Config {
  const [distribution] = resourcesOf(edge, 'AWS::CloudFront::Distribution');
  return distribution?.properties.DistributionConfig as Config;
}

/** The behaviour that answers a path, and its origin. */
function serving(path: string): { behavior: Behavior; origin: Origin | undefined } {
  const matches = ({ PathPattern = '*' }: Behavior) =>
    new RegExp(`^${PathPattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(path);
  const behavior = config.CacheBehaviors.find(matches) ?? config.DefaultCacheBehavior;
  return { behavior, origin: config.Origins.find(({ Id }) => Id === behavior.TargetOriginId) };
}

const isFiles = (origin: Origin | undefined) => origin?.CustomOriginConfig === undefined;
const isApi = (origin: Origin | undefined) => origin?.OriginCustomHeaders !== undefined;
const isPages = (origin: Origin | undefined) => !isFiles(origin) && !isApi(origin);

describe('one name', () => {
  it.each(['/v1/queues', '/v1/nothing-here', '/v1/stripe/thin-platform', '/auth/refresh', '/mcp', '/healthz'])(
    '%s goes to the API, and nothing of it is kept',
    (path) => {
      const { behavior, origin } = serving(path);
      expect(isApi(origin)).toBe(true);
      expect(behavior).toMatchObject({ CachePolicyId: KEEPS_NOTHING, ViewerProtocolPolicy: 'https-only' });
    },
  );

  it.each(['/assets/index-abc.js', '/icon.svg', '/docs/assets/swagger-ui.css', '/v1/openapi.json'])(
    '%s comes from the files',
    (path) => {
      const { behavior, origin } = serving(path);
      expect(isFiles(origin)).toBe(true);
      expect(behavior.CachePolicyId).toBe(KEEPS_FILES);
    },
  );

  it.each(['/', '/requests/co_1.REQ-2.2026', '/c/some.token', '/docs', '/config.json', '/wp-login.php'])(
    '%s comes from the function that gives out pages, afresh each time',
    (path) => {
      const { behavior, origin } = serving(path);
      expect(isPages(origin)).toBe(true);
      expect(behavior.CachePolicyId).toBe(KEEPS_NOTHING);
    },
  );

  it('gives nobody an error that another one got', () => {
    const kept = new Map(config.CustomErrorResponses.map((one) => [one.ErrorCode, one.ErrorCachingMinTTL]));
    for (const status of [404, 405, 500, 502, 503, 504]) expect(kept.get(status), String(status)).toBe(0);
  });

  it.each([
    [{ domain: 'parley.example' }, 'a domain needs zoneId'],
    [{ domain: 'Parley.example', zoneId: 'Z1' }, 'domain'],
    [{ alarmEmail: 'nobody' }, 'alarmEmail'],
    [{ stages: { check: { colour: 'red' } } }, 'colour'],
    [{ certificateArn: 'arn:aws:acm:eu-central-1:1:certificate/1', domain: 'parley.example' }, 'us-east-1'],
  ])('refuses the settings %j', (context, why) => {
    expect(() => new Synthesised({ context })).toThrow(why);
  });
});

describe('nothing open beside it', () => {
  it('reads files and calls pages by signed requests, and the API over TLS with the secret of the stage', () => {
    for (const origin of config.Origins.filter((one) => !isApi(one)))
      expect(origin.OriginAccessControlId).toBeDefined();
    const api = config.Origins.find(isApi);
    expect(api?.CustomOriginConfig?.OriginProtocolPolicy).toBe('https-only');
    const secret = { HeaderName: ORIGIN_HEADER, HeaderValue: expect.stringMatching(/^\{\{resolve:secretsmanager:/) };
    expect(api?.OriginCustomHeaders).toMatchObject([secret]);
    const [url] = resourcesOf(made.edge, 'AWS::Lambda::Url');
    expect(url?.properties.AuthType).toBe('AWS_IAM');
  });

  it('lets the distribution alone into the bucket of files, over TLS alone', () => {
    const [bucket, ...others] = resourcesOf(made.edge, 'AWS::S3::Bucket');
    expect(others).toEqual([]);
    expect(bucket?.properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const statements = resourcesOf(made.edge, 'AWS::S3::BucketPolicy').flatMap(({ properties }) =>
      statementsOf(properties.PolicyDocument),
    );
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toMatchObject([{ Action: ['s3:GetObject'] }]);
    expect(JSON.stringify(allowed)).toMatch(/AWS:SourceArn.*distribution\//);
    expect(JSON.stringify(statements)).toContain('"aws:SecureTransport":"false"');
  });

  it('has the firewall before it, which counts by address and by login, and looks for what is known to be bad', () => {
    const [acl] = resourcesOf(made.edge, 'AWS::WAFv2::WebACL');
    expect(config.WebACLId['Fn::GetAtt'][0]).toBe(acl?.id);
    expect(acl?.properties.Scope).toBe('CLOUDFRONT');
    const rules = acl?.properties.Rules as { Name: string; Priority: number; Action?: { Block?: unknown } }[];
    expect(rules.map(({ Name }) => Name)).toEqual([
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesAmazonIpReputationList',
      'sign-ins',
      'calls-without-login',
      'calls-of-one-login',
    ]);
    expect(new Set(rules.map(({ Priority }) => Priority)).size).toBe(rules.length);
    for (const rule of rules.slice(3)) expect(rule.Action?.Block).toBeDefined();
  });

  it('turns nobody away for what customers write: rules of bodies only count', () => {
    const text = JSON.stringify(resourcesOf(made.edge, 'AWS::WAFv2::WebACL')[0]?.properties.Rules);
    for (const rule of ['CrossSiteScripting_BODY', 'GenericRFI_BODY', 'SizeRestrictions_BODY', 'Log4JRCE_BODY'])
      expect(text).toContain(`{"ActionToUse":{"Count":{}},"Name":"${rule}"}`);
  });

  it('says who calls over whatever the caller says of it', () => {
    const [edge] = resourcesOf(made.edge, 'AWS::CloudFront::Function');
    const code = String(edge?.properties.FunctionCode);
    const headers = { [VIEWER_HEADER]: { value: '10.0.0.1' }, accept: { value: '*/*' } };
    const event = { viewer: { ip: '203.0.113.7' }, request: { headers } };
    expect(runInNewContext(`${code}; handler(event);`, { event })).toEqual({
      headers: { [VIEWER_HEADER]: { value: '203.0.113.7' }, accept: { value: '*/*' } },
    });
  });

  it('writes no path, query, cookie or address into a log', () => {
    const [delivery] = resourcesOf(made.edge, 'AWS::Logs::Delivery');
    const fields = delivery?.properties.RecordFields as string[];
    expect(fields).toContain('sc-status');
    for (const field of fields) expect(field).not.toMatch(/uri|query|cookie|referer|c-ip|x-forwarded|host/i);
    const [logging] = resourcesOf(made.edge, 'AWS::WAFv2::LoggingConfiguration');
    const redacted = JSON.stringify(logging?.properties.RedactedFields);
    for (const field of ['UriPath', 'QueryString', 'authorization', 'cookie', ORIGIN_HEADER])
      expect(redacted).toContain(field);
  });

  it('has the secret neither in a template nor in the environment of a function', () => {
    const [secret] = resourcesOf(made.state, 'AWS::SecretsManager::Secret');
    expect(secret?.properties).toMatchObject({
      Name: `parley-${STAGE}-origin`,
      GenerateSecretString: {
        GenerateStringKey: 'current',
        PasswordLength: 48,
        SecretStringTemplate: '{"previous":""}',
      },
    });
    expect(secret?.properties.SecretString).toBeUndefined();
  });
});

describe('pages', () => {
  it('need no table, queue or key', () => {
    const { Environment } = functionOf(made, 'site').properties as { Environment: { Variables: object } };
    expect(Object.keys(Environment.Variables).sort()).toEqual(['METRICS', 'NODE_OPTIONS', 'SITE_URL', 'WEB_CONFIG']);
  });

  it.each(['/v1/x', '/assets/gone.js', '/nothing.php'])('answer %s with a problem', async (rawPath) => {
    const answer = await handler({ rawPath, requestContext: { requestId: 'call-1' } });
    expect(answer).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_found', status: 404, instance: 'call-1' });
  });

  it('show the readable API, whose own scripts alone may run', async () => {
    const { statusCode, headers, body } = await handler({ rawPath: '/docs' });
    expect(statusCode).toBe(200);
    expect(body).toContain('SwaggerUIBundle({');
    expect(headers['content-security-policy']).toMatch(/script-src 'self' 'sha256-[\w+/]{43}=' 'sha256-[\w+/]{43}='; /);
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe-inline/);
  });
});
