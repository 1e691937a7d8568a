/** What the template of the user pool promises: how people sign in, what their tokens say, and for which pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as claims } from '../../functions/token/claims.ts';
import { environmentOf, functionOf, grantsOf, resourcesOf, STAGE, Synthesised } from './synthesised.ts';

const SITE = 'https://market.example.com';

let made: Synthesised;
beforeAll(() => {
  made = new Synthesised({ context: { domain: 'market.example.com', zoneId: 'Z0123456789' } });
}, 120_000);
afterAll(() => made.remove());

const only = (type: string) => {
  const [found, ...others] = resourcesOf(made.state, type);
  expect(others).toEqual([]);
  return found!;
};

describe('the pages where people sign in', () => {
  it('are the pool’s newer ones, under a name of the stage and account, with the look that they need to be served', () => {
    const pool = only('AWS::Cognito::UserPool');
    expect(pool.properties).toMatchObject({
      UserPoolTier: 'ESSENTIALS',
      WebAuthnUserVerification: 'required',
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
    });
    const domain = only('AWS::Cognito::UserPoolDomain');
    expect(domain.properties).toMatchObject({ ManagedLoginVersion: 2, UserPoolId: { Ref: pool.id } });
    expect(JSON.stringify(domain.properties.Domain)).toContain(`parley-${STAGE}-`);
    expect(JSON.stringify(domain.properties.Domain)).toContain('AWS::AccountId');
    const client = only('AWS::Cognito::UserPoolClient');
    expect(only('AWS::Cognito::ManagedLoginBranding').properties).toMatchObject({
      ClientId: { Ref: client.id },
      UseCognitoProvidedValues: true,
    });
  });

  it('give a code and never a token, to the site alone; without a secret, so the code is bound to who asked (PKCE)', () => {
    expect(only('AWS::Cognito::UserPoolClient').properties).toMatchObject({
      AllowedOAuthFlows: ['code'],
      AllowedOAuthFlowsUserPoolClient: true,
      CallbackURLs: [`${SITE}/sign-in/return`],
      LogoutURLs: [`${SITE}/`],
      GenerateSecret: false,
      PreventUserExistenceErrors: 'ENABLED',
      SupportedIdentityProviders: ['COGNITO'],
    });
  });

  it('renew a session with another refresh token each time, and can end it', () => {
    const { properties } = only('AWS::Cognito::UserPoolClient');
    expect(properties).toMatchObject({
      EnableTokenRevocation: true,
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
      AccessTokenValidity: 60,
    });
    expect(properties.ExplicitAuthFlows).not.toContain('ALLOW_REFRESH_TOKEN_AUTH');
    expect(properties.ExplicitAuthFlows).not.toContain('ALLOW_USER_PASSWORD_AUTH');
  });

  it.each(['http://market.example.com', 'https://market.example.com/', 'market.example.com', 'https://localhost'])(
    'lead nowhere but to an origin: %s is refused',
    (siteUrl) => {
      expect(() => new Synthesised({ context: { siteUrl } })).toThrow('must be an origin');
    },
  );

  it('lead to a browser on the developer’s machine where no site is named', () => {
    const bare = new Synthesised();
    const [client] = resourcesOf(bare.state, 'AWS::Cognito::UserPoolClient');
    expect(client?.properties.CallbackURLs).toEqual(['http://localhost:5173/sign-in/return']);
    bare.remove();
  });
});

describe('the function that signs people in', () => {
  it('knows the pool and the site, and may do nothing at all on AWS but trace, log, and know who came through the edge', () => {
    expect(environmentOf(made, 'api-auth')).toMatchObject({ SITE_URL: SITE });
    expect(Object.keys(environmentOf(made, 'api-auth'))).toEqual(
      expect.arrayContaining(['ISSUER', 'CLIENT_ID', 'SIGN_IN_URL']),
    );
    const services = grantsOf(made, 'api-auth').flatMap(({ Action }) => Action.map((one) => one.split(':')[0]));
    expect(
      services.filter((service) => service !== 'secretsmanager' && service !== 'logs' && service !== 'xray'),
    ).toEqual([]);
  });
});

describe('access tokens', () => {
  it('are asked about before they are given, by the pool alone', () => {
    const { id } = functionOf(made, 'token-claims');
    const pool = only('AWS::Cognito::UserPool');
    expect(pool.properties.LambdaConfig).toEqual({
      PreTokenGenerationConfig: { LambdaArn: { 'Fn::GetAtt': [id, 'Arn'] }, LambdaVersion: 'V2_0' },
    });
    expect(resourcesOf(made.state, 'AWS::Lambda::Permission')).toMatchObject([
      {
        properties: {
          Principal: 'cognito-idp.amazonaws.com',
          SourceArn: { 'Fn::GetAtt': [pool.id, 'Arn'] },
          FunctionName: { 'Fn::GetAtt': [id, 'Arn'] },
        },
      },
    ]);
  });

  /** As the pool sends it, version 2. */
  const question = (userAttributes: Record<string, string>) => ({
    version: '2',
    triggerSource: 'TokenGeneration_HostedAuth',
    region: 'eu-central-1',
    userPoolId: 'eu-central-1_AbCdEfGhI',
    userName: '11111111-2222-4333-a444-555555555555',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client-1' },
    request: {
      userAttributes,
      groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
      scopes: ['openid', 'email', 'parley/market'],
    },
    response: { claimsAndScopeOverrideDetails: null },
  });
  const answerTo = (attributes: Record<string, string>) => claims(question(attributes) as Parameters<typeof claims>[0]);

  it('carry the address that somebody has proved, as the market writes addresses', async () => {
    const answer = await answerTo({ sub: 'a', email: 'Ada@Example.com', email_verified: 'true' });
    expect(answer).toEqual({
      ...question({ sub: 'a', email: 'Ada@Example.com', email_verified: 'true' }),
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: { claimsToAddOrOverride: { email: 'ada@example.com' } },
        },
      },
    });
  });

  it.each<Record<string, string>>([
    { email: 'ada@example.com', email_verified: 'false' },
    { email: 'ada@example.com' },
    { sub: 'a' },
  ])('carry none that nobody has proved: %j', async (attributes) => {
    const { response } = await answerTo(attributes);
    expect(response).toEqual({ claimsAndScopeOverrideDetails: null });
  });
});
