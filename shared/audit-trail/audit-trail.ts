/** Who changed what: every call that changes money, the market or an organisation, before it is made and how it ended. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';

export const AuditRecord = z
  .object({
    at: Instant.meta({ description: 'By the market clock' }),
    call: z.string().meta({ description: 'The id of the call' }),
    tenant: OrganisationId,
    user: z.string().meta({ description: 'The person, or `key:` and the id of the API key' }),
    email: z.string().nullable(),
    action: z.string().meta({ description: 'The id of the route' }),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    content: z.string().nullable().meta({ description: 'What was sent, as JSON; its beginning where it is long' }),
    status: z.int().nullable().meta({ description: 'How it was answered; null where no end was written down' }),
    code: z.string().nullable().meta({ description: 'Of the problem, where it was refused' }),
  })
  .meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof AuditRecord>;

/** The scopes whose calls are written down; no content where it names an organisation's own people, or is a secret. */
const RECORDED = {
  'finance:write': 'with content',
  'market:write': 'with content',
  'organisation:write': 'without',
  'webhooks:write': 'without',
} as const;
/** So much of what was sent is kept, in characters. */
const LONGEST_CONTENT = 4_000;

/** Whether a call is written down, and with what of its content; null where it is not. */
export function recordedOf(
  { scope, roles }: { scope: string; roles: readonly string[] },
  method: string,
): 'with content' | 'without' | null {
  if (method === 'GET') return null;
  if (Object.hasOwn(RECORDED, scope)) return RECORDED[scope as keyof typeof RECORDED];
  // Ways in for a company's requests, each with a secret of its own, are opened by its admins only.
  return scope === 'requests:write' && roles.every((role) => role.endsWith('.admin')) ? 'without' : null;
}

/** What was sent, as it is kept. */
export function contentOf(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  return JSON.stringify(body).slice(0, LONGEST_CONTENT);
}
