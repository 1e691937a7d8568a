/** Reads a provider's year for the tax office. */
import type { Call } from '../kernel/call.ts';
import type { Item } from '../kernel/table.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import { listPayouts } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { documentsOfYear } from './self-billed.store.ts';
import { type TaxRow, taxRows } from './tax-report.ts';

/** One row for each currency of a provider's year. */
export async function taxReport(call: Call, provider: string, year: string): Promise<TaxRow[]> {
  const [organisation, documents, payouts] = await Promise.all([
    readOrganisation(call.tables, provider),
    documentsOfYear(call, provider, year),
    payoutsOfYear(call, provider, year),
  ]);
  return taxRows({ year, provider, legalName: organisation?.name ?? provider }, documents, payouts);
}

async function payoutsOfYear(call: Call, provider: string, year: string): Promise<Payout[]> {
  const all: Payout[] = [];
  let after: Item | undefined;
  do {
    const page = await listPayouts(call, provider, { limit: 100, ...(after === undefined ? {} : { after }) });
    all.push(...page.items.filter(({ paidAt }) => paidAt?.startsWith(year)));
    // What was prepared before the year may be paid within it, but hardly a month later.
    const isOver = page.items.some(({ preparedAt }) => preparedAt < `${Number(year) - 1}-11`);
    after = isOver ? undefined : page.after;
  } while (after !== undefined);
  return all;
}
