/** The user pool that people sign in to: the issuer of the access tokens that the API takes. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  PasskeyUserVerification,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { meant } from './checks.ts';
import type { Stage } from './stage.ts';

const SHORTEST_PASSWORD = 12;

export class People extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      userPoolName: `parley-${stage.name}`,
      // Passkeys need this plan.
      featurePlan: FeaturePlan.ESSENTIALS,
      signInPolicy: { allowedFirstAuthFactors: { password: true, passkey: true } },
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
    this.client = this.pool.addClient('Web', {
      userPoolClientName: 'web',
      generateSecret: false,
      authFlows: { user: true, userSrp: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
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
}
