/** Names of people of one's own organisation, and of those organisations whose name one may know. */
import * as z from 'zod';
import { apiKeyKey, memberKey } from '../identity/identity.store.ts';
import { PROGRAM_PREFIX } from '../identity/identity.ts';
import { type Key, keyText, type Tables } from '../kernel/table.ts';
import type { Names } from './names.ts';
import { kindOf, readOrganisations } from './organisation.store.ts';

const Said = z.object({ email: z.string().nullable().optional(), name: z.string().optional() });

/** In the order asked for. People and keys are looked for in the tenant's own partition, so nobody else's are ever found. */
export async function readNames(
  tables: Tables,
  tenant: string,
  asked: { people: readonly string[]; organisations: readonly string[] },
): Promise<Names> {
  const keyOf = (id: string): Key =>
    id.startsWith(PROGRAM_PREFIX) ? apiKeyKey(tenant, id.slice(PROGRAM_PREFIX.length)) : memberKey(tenant, id);
  const [said, organisations] = await Promise.all([
    asked.people.length === 0
      ? new Map<string, z.infer<typeof Said>>()
      : tables.getMany('market', asked.people.map(keyOf), Said),
    asked.organisations.length === 0
      ? new Map<string, { name: string }>()
      : readOrganisations(tables, asked.organisations),
  ]);
  return {
    people: asked.people.map((id) => {
      const found = said.get(keyText(keyOf(id)));
      return { id, name: found?.email ?? found?.name ?? null };
    }),
    organisations: asked.organisations.map((id) => ({
      id,
      name: mayKnow(tenant, id) ? (organisations.get(id)?.name ?? null) : null,
    })),
  };
}

/** Providers and the market are known to all; a company's name to itself and to the market. */
const mayKnow = (tenant: string, organisation: string): boolean =>
  kindOf(organisation) !== 'company' || organisation === tenant || kindOf(tenant) === 'market';
