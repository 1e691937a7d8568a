/** The trail `AT#<tenant>#<month>` / `<time>#<call>`: put before the call is worked, its end noted after it. */
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key } from '../kernel/table.ts';
import { fromIso, iso, monthOf } from '../kernel/time.ts';
import { AuditRecord } from './audit-trail.ts';

const partition = (tenant: string, month: string): string => `AT#${tenant}#${month}`;
const keyOf = (record: Pick<AuditRecord, 'tenant' | 'at' | 'call'>): Key => ({
  pk: partition(record.tenant, monthOf(fromIso(record.at))),
  sk: `${timeKey(fromIso(record.at))}#${record.call}`,
});

/** Writes down that a call begins: nothing is changed that is not in the trail. */
export async function beginRecord(
  call: Call,
  about: Omit<AuditRecord, 'at' | 'status' | 'code'>,
): Promise<Pick<AuditRecord, 'tenant' | 'at' | 'call'>> {
  const record: AuditRecord = { ...about, at: iso(call.now), status: null, code: null };
  await call.tables.put('market', { ...keyOf(record), ...record }, ABSENT);
  return record;
}

/** Writes down how it ended. */
export async function endRecord(
  call: Call,
  record: Pick<AuditRecord, 'tenant' | 'at' | 'call'>,
  end: { status: number; code: string | null },
): Promise<void> {
  await call.tables.update('market', keyOf(record), { set: end }, [['=', 'call', record.call]]);
}

/** A page of a tenant's trail of a UTC month, oldest first. */
export async function listRecords(
  call: Call,
  tenant: string,
  month: string,
  page: { limit: number; after?: Item },
): Promise<{ records: AuditRecord[]; after: Item | undefined }> {
  const found = await call.tables.query('market', AuditRecord, { pk: partition(tenant, month), ...page });
  return { records: found.items, after: found.after as Item | undefined };
}
