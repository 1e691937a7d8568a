/** Estimates of invoices: drafts of a month that is not planned. Nothing is written. */

import type { Call } from '../kernel/call.ts';
import { mapConcurrent } from '../kernel/call.ts';
import { monthOf } from '../kernel/time.ts';
import { monthBefore } from '../ledger/period.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { draftMonth } from './draft.store.ts';
import type { Draft } from './draft.ts';
import type { InvoiceEstimate } from './estimate.ts';
import type { Invoice } from './invoice.ts';
import { hasClose, readPlans } from './plan.store.ts';
import { NO_VOLUMES, type Variance, varianceOf } from './variance.ts';

const WIDTH = 4;

/** What a company's month comes to by now, by currency: nothing before it registered, and nothing for a month to come. */
export async function estimateMonth(call: Call, company: Organisation, period: string): Promise<InvoiceEstimate[]> {
  const registered = monthOf(Date.parse(company.createdAt));
  if (registered > period || period > monthOf(call.now)) return [];
  const firstMonth = (await hasClose(call, monthBefore(period))) ? period : registered;
  const drafts = await draftMonth(call, { company: company.id, firstMonth }, period);
  return drafts.map(shown);
}

/** The same for a page of all companies. */
export async function estimatePage(
  call: Call,
  period: string,
  page: { limit: number; after?: string },
): Promise<{ items: InvoiceEstimate[]; after: string | undefined }> {
  const companies = await listOrganisations(call.tables, 'company', page);
  const items = await mapConcurrent(companies.items, WIDTH, (company) => estimateMonth(call, company, period));
  return { items: items.flat(), after: companies.after };
}

function shown(draft: Draft): InvoiceEstimate {
  const { company, currency, period, since, owedMicros, reason, drafted, volumes, before } = draft;
  const last = before?.period === monthBefore(period) ? before.volumes : NO_VOLUMES;
  return {
    label: 'estimate',
    company,
    currency,
    period,
    since,
    subtotalMicros: drafted.totalMicros,
    owedMicros,
    reason,
    lines: drafted.lines.map((line, place) => ({ line: place + 1, ...line })),
    variance: varianceOf(last, volumes),
  };
}

/** Some invoices, each with why its month differs from the one before. */
export async function withVariance(
  call: Call,
  invoices: readonly Invoice[],
): Promise<{ invoice: Invoice; variance: Variance }[]> {
  const [before, after] = await Promise.all([
    readPlans(
      call,
      invoices.map((invoice) => ({ ...invoice, period: monthBefore(invoice.period) })),
    ),
    readPlans(call, invoices),
  ]);
  return invoices.map((invoice, i) => ({
    invoice,
    variance: varianceOf(before[i]?.volumes ?? NO_VOLUMES, after[i]?.volumes ?? NO_VOLUMES),
  }));
}
