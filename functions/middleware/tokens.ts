/** Checks people's access tokens: signature, issuer, client, expiry in machine time, and shape. */
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { TokenClaims } from '../../shared/identity/identity.ts';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';

export type TokenRules = {
  issuer: string;
  /** The application the token must be made for; any where left out. */
  clientId?: string | undefined;
  /** Finds the public key that signed a token. */
  keys: JWTVerifyGetKey;
};

/** Clocks of issuer and market may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * A verifier for `Runtime.verifyToken`. It refuses `token_expired` and `unauthenticated`, and throws where the keys cannot
 * be had: that is nobody's bad token.
 */
export function tokenVerifier(
  rules: TokenRules,
): (token: string) => Promise<Result<TokenClaims, 'unauthenticated' | 'token_expired'>> {
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, rules.keys, {
        issuer: rules.issuer,
        algorithms: ['RS256', 'ES256', 'EdDSA'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      const claims = TokenClaims.safeParse(payload);
      if (!claims.success || (rules.clientId !== undefined && claims.data.client_id !== rules.clientId))
        return refuse('unauthenticated', 'This is no access token for this market. Sign in again.');
      return ok(claims.data);
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        return refuse('token_expired', 'The access token has expired: sign in again, or refresh it.');
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw error;
      return refuse('unauthenticated', 'The access token does not hold. Sign in again.');
    }
  };
}
