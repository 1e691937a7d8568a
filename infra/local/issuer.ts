/** The development issuer: access tokens in the shape of the production user pool, signed with a key of the data folder. */
import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { tokenVerifier } from '../../functions/middleware/tokens.ts';
import type { Runtime } from '../../functions/runtime.ts';

/** Also the issuer's name inside tokens: it says that these are worth nothing elsewhere. */
const ISSUER = 'https://issuer.parley.local';
const CLIENT = 'parley-development';
const SCOPE = 'parley/market';
const LIFETIME_SECONDS = 3_600;
const ALGORITHM = 'ES256';

const Jwk = z.record(z.string(), z.unknown());
export const IssuerKeys = z.object({ kid: z.string(), privateKey: Jwk, publicKey: Jwk });
export type IssuerKeys = z.infer<typeof IssuerKeys>;
const RefreshClaims = z.object({ token_use: z.literal('refresh'), email: z.string() });

export type Issuer = {
  /** An access token that is good for an hour of machine time. The same address is always the same user. */
  issue: (email: string) => Promise<{ token: string; user: string; expiresAtMs: number }>;
  verify: Runtime['verifyToken'];
  /** What `/auth` keeps in its cookie: good for so many seconds of machine time, and for nothing but a new access token. */
  issueRefresh: (email: string, seconds: number) => Promise<string>;
  /** The address in a refresh token; undefined where it does not hold. */
  readRefresh: (token: string) => Promise<string | undefined>;
};

/** A fresh key pair for a new data folder. */
export async function newIssuerKeys(): Promise<IssuerKeys> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return {
    kid: randomUUID(),
    privateKey: { ...(await exportJWK(privateKey)) },
    publicKey: { ...(await exportJWK(publicKey)) },
  };
}

/** The user of an address: a UUID, as the user pool gives one, but the same one each time. */
export function userOf(email: string): string {
  const digest = createHash('sha256').update(`parley user ${email.trim().toLowerCase()}`).digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** The issuer of a data folder. `machineNow` is the time at which it signs; tokens are checked by the machine's. */
export async function openIssuer(keys: IssuerKeys, machineNow: () => number = Date.now): Promise<Issuer> {
  const privateKey = await importJWK(keys.privateKey as JWK, ALGORITHM);
  const publicKey = await importJWK(keys.publicKey as JWK, ALGORITHM);
  if (publicKey instanceof Uint8Array) throw new Error('the issuer has a secret where its public key should be');
  const verify = tokenVerifier({ issuer: ISSUER, clientId: CLIENT, keys: async () => publicKey });
  return {
    async issue(email) {
      const user = userOf(email);
      const issuedAt = Math.floor(machineNow() / 1_000);
      const claims = {
        client_id: CLIENT,
        token_use: 'access',
        'cognito:groups': [],
        scope: SCOPE,
        username: user,
        email: email.trim().toLowerCase(),
        auth_time: issuedAt,
      };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid: keys.kid })
        .setSubject(user)
        .setIssuer(ISSUER)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + LIFETIME_SECONDS)
        .setJti(randomUUID())
        .sign(privateKey);
      return { token, user, expiresAtMs: (issuedAt + LIFETIME_SECONDS) * 1_000 };
    },
    verify,
    issueRefresh: (email, seconds) => {
      const issuedAt = Math.floor(machineNow() / 1_000);
      return new SignJWT({ token_use: 'refresh', email: email.trim().toLowerCase() })
        .setProtectedHeader({ alg: ALGORITHM, kid: keys.kid })
        .setIssuer(ISSUER)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .sign(privateKey);
    },
    async readRefresh(token) {
      try {
        const options = { issuer: ISSUER, algorithms: [ALGORITHM], currentDate: new Date(machineNow()) };
        const { payload } = await jwtVerify(token, publicKey, options);
        return RefreshClaims.parse(payload).email;
      } catch {
        return undefined;
      }
    },
  };
}
