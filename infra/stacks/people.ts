/**
 * Where people sign in: the user pool, its own pages (managed login, with passkeys), and the application that the web is to it. It
 * issues the access tokens that the API takes.
 */
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  FeaturePlan,
  LambdaVersion,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  PasskeyUserVerification,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  type UserPoolDomain,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { WebConfig } from '../../shared/api/web-config.ts';
import { meant } from './checks.ts';
import type { Stage } from './stage.ts';

const SHORTEST_PASSWORD = 12;
/** Two tabs may renew with the same refresh token at once; after that only the newest one holds. */
const RENEWED_TOGETHER = Duration.seconds(60);
/** The API as the pool knows it; tokens for the web carry its one scope. What somebody may do there is no matter of the pool. */
const API = 'parley';
const WHOLE_API = new ResourceServerScope({ scopeName: 'market', scopeDescription: 'The market, as its roles allow' });

/**
 * Roles belong to a membership of an organisation, and a person may have several: they stand in the market table and not in the
 * pool. The one group is a second lock on the market's own organisation: its roles work only for people whom an administrator
 * of the pool has put into it as well, so that writing to the table alone makes nobody an operator.
 */
export const MARKET_GROUP = 'market-people';

export class People extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  private readonly stage: Stage;
  private readonly domain: UserPoolDomain;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.stage = stage;
    this.pool = new UserPool(this, 'Pool', {
      userPoolName: `parley-${stage.name}`,
      // Passkeys, the newer pages and claims of one's own in access tokens need this plan.
      featurePlan: FeaturePlan.ESSENTIALS,
      signInPolicy: { allowedFirstAuthFactors: { password: true, passkey: true } },
      // Passkeys belong to the domain of the pool's pages, which is also what it takes where none is named.
      passkeyUserVerification: PasskeyUserVerification.REQUIRED,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      // Anybody may register; what an organisation may do is up to the operator's approval.
      selfSignUpEnabled: true,
      passwordPolicy: { minLength: SHORTEST_PASSWORD, tempPasswordValidity: Duration.days(3) },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.pool.addGroup('Market', {
      groupName: MARKET_GROUP,
      description: 'May act for the market itself, where a membership gives them a role there',
    });
    // Names of these pages are shared by all accounts of a region, so the account's number tells them apart.
    this.domain = this.pool.addDomain('SignIn', {
      cognitoDomain: { domainPrefix: `parley-${stage.name}-${Aws.ACCOUNT_ID}` },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    this.client = this.addWeb();
    new CfnManagedLoginBranding(this, 'Look', {
      userPoolId: this.pool.userPoolId,
      clientId: this.client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    meant(this, {
      'AwsSolutions-COG1':
        'Length is what makes a password strong; rules of characters make people write it down (NIST 800-63B)',
      'AwsSolutions-COG2': 'A passkey is two factors in one; a second one beside a password is each person’s choice',
      'AwsSolutions-COG8':
        'The plan with threat protection costs several times as much per person; a stage that wants it sets it here',
    });
  }

  /** The `iss` of access tokens; the public keys lie under it. */
  get issuer(): string {
    return this.pool.userPoolProviderUrl;
  }

  /** Where the pool's pages and its token endpoint are. */
  get signInUrl(): string {
    return this.domain.baseUrl();
  }

  /** What the web app reads at `/config.json`. */
  get webConfig(): WebConfig {
    return {
      signIn: {
        kind: 'oidc',
        authority: this.signInUrl,
        clientId: this.client.userPoolClientId,
        redirectUri: `${this.stage.siteUrl}${RETURN_PATH}`,
        scope: `openid email ${API}/${WHOLE_API.scopeName}`,
      },
      isLocal: false,
    };
  }

  /** The pool asks this function before it gives a token, also when one is renewed. */
  askBeforeTokens(claims: IFunction): void {
    // The second version of the question may be answered with claims for access tokens.
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, claims, LambdaVersion.V2_0);
  }

  /** A browser keeps no secret, so the code is bound to who asked for it (PKCE), and a refresh token works once. */
  private addWeb(): UserPoolClient {
    const api = this.pool.addResourceServer('Api', { identifier: API, scopes: [WHOLE_API] });
    return this.pool.addClient('Web', {
      userPoolClientName: 'web',
      generateSecret: false,
      authFlows: { user: true, userSrp: true },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.resourceServer(api, WHOLE_API)],
        callbackUrls: [`${this.stage.siteUrl}${RETURN_PATH}`],
        logoutUrls: [`${this.stage.siteUrl}/`],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      refreshTokenRotationGracePeriod: RENEWED_TOGETHER,
    });
  }
}

/** The page of the web app that takes the code. */
const RETURN_PATH = '/sign-in/return';
