/** Reads a payout's remittance: its lines, and the entries that each sums up, page by page in the order of both. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { readCharges } from '../ledger/ledger.store.ts';
import { entryKeysFrom, type Listed, readMovements } from './book.store.ts';
import { belongs, type PayLine } from './book.ts';
import { payoutLines } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { type RemittanceRow, rowOfAdjustment, rowOfEntry } from './remittance.ts';

/** Where a page begins: at a line, and within its month after an entry. */
export const RemittanceKey = z.object({ line: z.int(), after: z.record(z.string(), z.unknown()).nullable() });
export type RemittanceKey = z.infer<typeof RemittanceKey>;

/** Entries of a month read at a time. */
const ENTRIES = 100;

/** About `limit` rows; a page is filled up to the end of what was read last. A month is read once for all its companies. */
export async function remittancePage(
  call: Call,
  payout: Payout,
  page: { limit: number; from?: RemittanceKey },
): Promise<{ rows: RemittanceRow[]; after: RemittanceKey | undefined }> {
  const rows: RemittanceRow[] = [];
  let at: RemittanceKey = page.from ?? { line: 1, after: null };
  while (at.line <= payout.lines && rows.length < page.limit) {
    const lines = await linesOfMonth(call, payout, at.line);
    const [first] = lines;
    if (first === undefined) throw new Error(`payout ${payout.id} has no line ${at.line}`);
    const next = { line: at.line + lines.length, after: null };
    if (first.kind === 'adjustment') {
      rows.push(...(await adjustmentRows(call, payout, lines)));
      at = next;
      continue;
    }
    do {
      const { keys, after } = await entryKeysFrom(call, payout.provider, first.period ?? '', {
        limit: ENTRIES,
        after: at.after ?? undefined,
      });
      rows.push(...(await rowsOf(call, payout, lines, keys)));
      at = after === undefined ? next : { line: at.line, after };
    } while (at.line === first.line && rows.length < page.limit);
  }
  return { rows, after: at.line <= payout.lines ? at : undefined };
}

/** The lines from one on that are of the same month, as they follow each other; of adjustments at most a page. */
async function linesOfMonth(call: Call, payout: Payout, from: number): Promise<PayLine[]> {
  const lines: PayLine[] = [];
  for await (const page of payoutLines(call, payout, from)) {
    const [first] = lines.length > 0 ? lines : page;
    const end = page.findIndex((line) => line.period !== first?.period || isMonth(line) !== isMonth(first));
    lines.push(...(end === -1 ? page : page.slice(0, end)));
    if (end !== -1 || (first !== undefined && !isMonth(first))) break;
  }
  return lines;
}

/** Those that change what a charge of the provider's paid name its turn. */
async function adjustmentRows(call: Call, { provider }: Payout, lines: readonly PayLine[]): Promise<RemittanceRow[]> {
  const charges = await readCharges(
    call,
    lines.flatMap(({ request }) => request ?? []),
  );
  return lines.map((line) => {
    const facts = charges.get(line.request ?? '')?.facts;
    return rowOfAdjustment(line, facts?.provider === provider && typeof facts.lease === 'string' ? facts.lease : null);
  });
}

const isMonth = (line: PayLine | undefined): boolean => line !== undefined && line.kind !== 'adjustment';

async function rowsOf(
  call: Call,
  { provider, currency }: Payout,
  lines: readonly PayLine[],
  keys: readonly Listed[],
): Promise<RemittanceRow[]> {
  const movements = await readMovements(call, provider, keys);
  return movements.flatMap((movement) => {
    const line = lines.find(
      ({ period, company, kind, after, through }) =>
        kind !== 'adjustment' &&
        belongs(movement, { company: company ?? '', currency, kind, period: period ?? '' }) &&
        (after === null || movement.postedAt > after) &&
        (through === 'all' || movement.postedAt <= (through ?? 0)),
    );
    return line === undefined ? [] : [rowOfEntry(line, movement)];
  });
}
