/** Branding in the market table, `BRAND#<company>` / `-`. */
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import { Branding, plainBranding } from './branding.ts';
import { readOrganisation } from './organisation.store.ts';

const brandingKey = (company: string): Key => ({ pk: `BRAND#${company}`, sk: '-' });
const brandings = cachePerOwner<Branding>(10_000, { besideOthers: MINUTE, alone: 10 * MINUTE });

/** A company's branding, its registered name where it has set none; at most a minute old. */
export async function readBranding(call: Call, company: string): Promise<Branding> {
  return brandings(call.tables.owner).get(company, async () => {
    const kept = await call.tables.get('market', brandingKey(company), Branding.loose());
    if (kept !== undefined) return Branding.strip().parse(kept);
    return plainBranding((await readOrganisation(call.tables, company))?.name ?? company);
  });
}

/** Sets a company's branding. Setting it again changes nothing. */
export async function putBranding(call: Call, company: string, branding: Branding): Promise<void> {
  await call.tables.put('market', { ...brandingKey(company), ...branding });
  brandings(call.tables.owner).set(company, branding);
}
