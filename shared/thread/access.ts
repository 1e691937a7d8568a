/** Who looked at a request's words, thread, playbook and attachments, and when. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Instant, iso } from '../kernel/time.ts';
import { AttachmentId } from './attachment.ts';
import { Author } from './thread.ts';

export const Looked = z.enum(['words', 'thread', 'playbook', 'attachment']).meta({ id: 'Looked' });
export type Looked = z.infer<typeof Looked>;

/** One look: the first of an hour by one actor at one thing. A claim is a look at the words. */
export const Access = z.object({
  who: Author,
  tenant: OrganisationId,
  user: z.string().nullable(),
  what: Looked,
  attachment: AttachmentId.nullable(),
  at: z.number(),
});
export type Access = z.infer<typeof Access>;

export const AccessView = z
  .object({
    who: Author,
    organisation: OrganisationId,
    user: z.string().nullable().meta({ description: 'The person or key; of one’s own organisation only' }),
    what: Looked,
    attachment: AttachmentId.nullable(),
    at: Instant,
  })
  .meta({ id: 'AccessView' });
export type AccessView = z.infer<typeof AccessView>;

/** As the company sees it: its own people by name, providers as organisations. */
export const accessForCompany = (access: Access, company: string): AccessView => ({
  who: access.who,
  organisation: access.tenant,
  user: access.tenant === company ? access.user : null,
  what: access.what,
  attachment: access.attachment,
  at: iso(access.at),
});

export const CustomerAccess = z
  .object({
    who: z.string().meta({ description: 'The company, or a provider by a number of this request' }),
    role: Author,
    what: Looked,
    at: Instant,
  })
  .meta({ id: 'CustomerAccess' });
export type CustomerAccess = z.infer<typeof CustomerAccess>;

/** As the customer sees it: the company by its name, providers by numbers in order of their first look; nobody's id. */
export function accessForCustomer(
  accesses: readonly Access[],
  company: { id: string; name: string },
): CustomerAccess[] {
  const providers: string[] = [];
  return accesses.map(({ who, tenant, what, at }) => {
    if (tenant !== company.id && !providers.includes(tenant)) providers.push(tenant);
    const name = tenant === company.id ? company.name : `Provider ${providers.indexOf(tenant) + 1}`;
    return { who: name, role: who, what, at: iso(at) };
  });
}
