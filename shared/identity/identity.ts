/** Who acts. Every store call takes the actor's tenant; a role says what it may do, a scope what its key may do. */
import * as z from 'zod';
import type { CallLimit } from '../call-limit/call-limit.ts';

export const Role = z
  .enum([
    'company.admin',
    'company.operator',
    'company.finance',
    'provider.admin',
    'provider.agent',
    'provider.finance',
    'market.operator',
    'market.finance',
  ])
  .meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

export const Scope = z
  .enum([
    'organisation:read',
    'organisation:write',
    'demand:read',
    'demand:write',
    'supply:read',
    'supply:write',
    'requests:read',
    'requests:write',
    'work:read',
    'work:write',
    'finance:read',
    'finance:write',
    'webhooks:read',
    'webhooks:write',
    'market:read',
    'market:write',
  ])
  .meta({ id: 'Scope' });
export type Scope = z.infer<typeof Scope>;

/** The roles an organisation of each kind can give. */
export const ROLES_OF = {
  company: ['company.admin', 'company.operator', 'company.finance'],
  provider: ['provider.admin', 'provider.agent', 'provider.finance'],
  market: ['market.operator', 'market.finance'],
} as const satisfies Record<'company' | 'provider' | 'market', readonly Role[]>;

/** Somebody signed in who need not belong to an organisation yet. */
export type Person = { kind: 'person'; user: string; email: string };
/** A person or program that acts for one organisation, its tenant. */
export type Member = {
  kind: 'member';
  tenant: string;
  roles: readonly Role[];
  scopes: readonly Scope[] | 'all';
  user: string;
  email: string | null;
  approved: boolean;
  /** The limit of calls of its organisation; null where the usual one holds. */
  calls: CallLimit | null;
};
/** The `user` of a program is its API key's id behind this prefix. */
export const PROGRAM_PREFIX = 'key:';
/** Whether a person acts, and no program with an API key: what two different people must do, a key cannot. */
export const isPerson = (member: Member): boolean => !member.user.startsWith(PROGRAM_PREFIX);

/** A company's customer, through the signed link of one request. */
export type Customer = { kind: 'customer'; tenant: string; request: string };
export type Actor = { kind: 'nobody' } | Person | Member | Customer;

/** An API key as its owner sees it; the secret itself is shown once, when it is made. */
export const ApiKey = z
  .object({
    keyId: z.string(),
    name: z.string(),
    roles: z.array(Role),
    scopes: z.union([z.array(Scope), z.literal('all')]),
    createdAt: z.string(),
    revokedAt: z.string().nullable(),
    rotatedAt: z.string().nullable().meta({ description: 'When its secret was last changed' }),
    oldSecretUntil: z
      .string()
      .nullable()
      .meta({ description: 'Until when the secret before the last change is good, in machine time' }),
    sandboxQueue: z.string().nullable().meta({
      description: 'For a sandbox key: the one queue it works in. Null for a real one',
    }),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyRotation = z
  .strictObject({
    overlapHours: z.int().min(0).max(168).default(24).meta({
      description: 'For how long the secret before stays good; 0 where it has leaked',
    }),
  })
  .meta({ id: 'ApiKeyRotation' });

export const ApiKeyInput = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    roles: z.array(Role).min(1).max(3),
    scopes: z.array(Scope).min(1).optional().meta({ description: 'Left out: all that the roles allow' }),
    sandbox: z.boolean().default(false).meta({
      description:
        'Acts in a world of its own, without money and before approval: made-up requests for a provider, a simulated provider for a company (whose requests may say `fields.sandbox`: resolve, hold, escalate or decline)',
    }),
  })
  .meta({ id: 'ApiKeyInput' });

/** What an access token says, in the shape of the production user pool. */
export const TokenClaims = z.object({
  sub: z.string().min(1),
  email: z.email().optional(),
  username: z.string().optional(),
  token_use: z.literal('access'),
  client_id: z.string(),
  'cognito:groups': z.array(z.string()).default([]),
  exp: z.number(),
});
export type TokenClaims = z.infer<typeof TokenClaims>;
