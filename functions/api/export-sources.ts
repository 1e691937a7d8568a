/** Where each kind of file has its rows from, a page at a time. */
import { listRecords } from '../../shared/audit-trail/audit-trail.store.ts';
import { AUDIT_COLUMNS } from '../../shared/export/audit-rows.ts';
import { billedOf, NOT_BILLED } from '../../shared/export/billed.ts';
import { CHARGE_COLUMNS, type ChargeRow, costMicros, ownMicros } from '../../shared/export/charges.ts';
import {
  entriesPage,
  marketEntriesPage,
  type Page,
  readMapping,
  requestsPage,
} from '../../shared/export/export.store.ts';
import { type ExportKind, tenantKind } from '../../shared/export/export.ts';
import { FOCUS_COLUMNS } from '../../shared/export/focus.ts';
import { JOURNAL_COLUMNS, journalRows } from '../../shared/export/journal.ts';
import {
  type Asked as AskedOfMoney,
  agedPage,
  breaksPage,
  creditNotesPage,
  disputesPage,
  invoicesPage,
  linesPage,
  payoutsPage,
  readBilledMonth,
  selfBilledPage,
} from '../../shared/export/money.store.ts';
import * as money from '../../shared/export/money.ts';
import { type BillingStand, REQUEST_COLUMNS } from '../../shared/export/requests.ts';
import { type Column, type Format, written } from '../../shared/export/table.ts';
import type { Call } from '../../shared/kernel/call.ts';
import type { Refusal } from '../../shared/kernel/result.ts';
import { mergeOwners } from '../../shared/ledger/balance.ts';
import { isOwn } from '../../shared/ledger/fold.ts';
import type { EntryView } from '../../shared/ledger/ledger.ts';
import { type Behind, trialBalance } from '../../shared/ledger/trial-balance.store.ts';
import { readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { type FieldRefusal, refuseFields } from '../middleware/fields.ts';

type Asked = AskedOfMoney & { queue?: string; round?: number; stand?: BillingStand };
/** A page as text in the format asked for, and where the next one begins. */
type Written = { text: (format: Format, withHeader: boolean) => string; after: unknown };
type Source = (call: Call, asked: Asked, page: Page) => Promise<Written | FieldRefusal | Refusal<Behind>>;

const page = <Row>(columns: readonly Column<Row>[], rows: readonly Row[], after: unknown): Written => ({
  text: (format, withHeader) => written(columns, rows, { format, withHeader }),
  after,
});

/** A source whose pages are read as rows. */
const rowsOf =
  <Row>(
    columns: readonly Column<Row>[],
    read: (call: Call, asked: Asked, page: Page) => Promise<{ rows: Row[]; after: unknown }>,
  ): Source =>
  async (call, asked, at) => {
    const { rows, after } = await read(call, asked, at);
    return page(columns, rows, after);
  };

const agedOf =
  (which: 'receivables' | 'payables'): Source =>
  async (call, { tenant }, at) => {
    const found = await agedPage(call, tenant, which, at);
    return found.ok ? page(money.AGED_COLUMNS, found.value.rows, found.value.after) : found;
  };

/** A party's entries of a month with what each comes to, and how a company's are billed. */
async function chargeRows(call: Call, asked: Asked, at: Page, microsOf: typeof ownMicros) {
  const { tenant } = asked;
  const [found, month] = await Promise.all([
    entriesPage(call, { owner: tenant, ...asked }, at),
    tenantKind(tenant) === 'company' ? readBilledMonth(call, asked) : null,
  ]);
  const rows = found.entries.map(
    (entry): ChargeRow => ({
      entry,
      micros: microsOf(entry, tenant),
      billed: month === null ? NOT_BILLED : billedOf(entry, month),
    }),
  );
  return { rows: rows.filter((row) => row.micros !== 0 || row.entry.kind === 'charge'), after: found.after };
}

export const SOURCES: Readonly<Record<ExportKind, Source>> = {
  charges: rowsOf(CHARGE_COLUMNS, (call, asked, at) => chargeRows(call, asked, at, ownMicros)),
  focus: rowsOf(FOCUS_COLUMNS, async (call, asked, at) => {
    const { tenant } = asked;
    const [{ rows, after }, organisation] = await Promise.all([
      chargeRows(call, asked, at, costMicros),
      readOrganisation(call.tables, tenant),
    ]);
    const account = { id: tenant, name: organisation?.name ?? tenant };
    return { rows: rows.map((row) => ({ ...row, account })), after };
  }),
  journal: rowsOf(JOURNAL_COLUMNS, async (call, asked, at) => {
    const { tenant } = asked;
    const mapping = await readMapping(call, tenant);
    const isMarket = tenantKind(tenant) === 'market';
    const isShown = (of: string | null): boolean => isMarket || isOwn({ of }, tenant);
    const found = isMarket
      ? await marketEntriesPage(call, asked, at)
      : await entriesPage(call, { owner: tenant, ...asked }, at);
    const rows = found.entries.flatMap((entry: EntryView) => journalRows(entry, mapping, isShown));
    return { rows, after: found.after };
  }),
  requests: async (call, { tenant, queue, round, stand }, at) => {
    if (queue === undefined || round === undefined)
      return refuseFields([{ field: queue === undefined ? 'queue' : 'round', message: 'is needed for requests' }]);
    const { rows, after } = await requestsPage(
      call,
      { company: tenant, queue, round, ...(stand ? { stand } : {}) },
      at,
    );
    return page(REQUEST_COLUMNS, rows, after);
  },
  invoices: rowsOf(money.INVOICE_COLUMNS, invoicesPage),
  'invoice-lines': rowsOf(money.LINE_COLUMNS, linesPage),
  'credit-notes': rowsOf(money.CREDIT_NOTE_COLUMNS, creditNotesPage),
  disputes: rowsOf(money.DISPUTE_COLUMNS, disputesPage),
  payouts: rowsOf(money.PAYOUT_COLUMNS, payoutsPage),
  'self-billed-invoices': rowsOf(money.SELF_BILLED_COLUMNS, selfBilledPage),
  receivables: agedOf('receivables'),
  payables: agedOf('payables'),
  'trial-balance': async (call, { period, currency }) => {
    const found = await trialBalance(call, period, currency);
    if (!found.ok) return found;
    const rows = mergeOwners(found.value.lines).map((line) => ({ ...line, period, currency }));
    return page(money.BALANCE_COLUMNS, rows, undefined);
  },
  reconciliation: rowsOf(money.BREAK_COLUMNS, breaksPage),
  'audit-trail': rowsOf(AUDIT_COLUMNS, async (call, { tenant, period }, at) => {
    const { records, after } = await listRecords(call, tenant, period, at);
    return { rows: records, after };
  }),
};
