/** What chargebacks have taken of an invoice: the withdrawals that stand under it, `I#<invoice>` / `W#<transaction>`. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { asMicros } from '../kernel/money.ts';

const Withdrawal = z.object({ micros: z.int(), lostAt: z.number().nullable(), reinstatedAt: z.number().nullable() });

/** Whether the bank has still to decide on one, and what was lost for good: the company has that back already. */
export async function chargebacksOn(call: Call, invoice: string): Promise<{ isOpen: boolean; lostMicros: number }> {
  const page = { pk: `I#${invoice}`, prefix: 'W#', consistent: true };
  const found = (await call.tables.queryAll('ledger', Withdrawal, page)).filter((one) => one.reinstatedAt === null);
  const lostMicros = asMicros(found.reduce((sum, { lostAt, micros }) => sum + (lostAt === null ? 0 : micros), 0));
  return { isOpen: found.some(({ lostAt }) => lostAt === null), lostMicros };
}
