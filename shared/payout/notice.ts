/** What providers are told about pay: that they were paid, that a payout failed, that a self-billed document is ready. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency, formatMicros } from '../kernel/money.ts';
import { fromIso } from '../kernel/time.ts';
import type { Announcement } from '../webhook/event.ts';
import type { Payout } from './payout.ts';
import type { SelfBilledInvoice } from './self-billed.ts';

export const Notice = z.object({
  /** The payout's or the document's id. */
  about: z.string(),
  what: z.enum(['paid', 'failed', 'invoice', 'credit_note']),
  provider: OrganisationId,
  currency: Currency,
  micros: z.int(),
  /** The run, or the document's legal number. */
  name: z.string(),
  period: z.string().nullable(),
  reason: z.string().nullable(),
  at: z.number(),
});
export type Notice = z.infer<typeof Notice>;

/** Of a payout that was made, or that Stripe refused. */
export const noticeOfPayout = (payout: Payout & { failedAt: string | null }): Notice => ({
  about: payout.id,
  what: payout.state === 'paid' ? 'paid' : 'failed',
  provider: payout.provider,
  currency: payout.currency,
  micros: payout.amountMicros,
  name: payout.run,
  period: null,
  reason: payout.reason,
  at: fromIso(payout.paidAt ?? payout.failedAt ?? payout.preparedAt),
});

export const noticeOfDocument = (document: SelfBilledInvoice): Notice => ({
  about: document.id,
  what: document.kind,
  provider: document.provider,
  currency: document.currency,
  micros: document.totalMicros,
  name: document.number,
  period: document.period,
  reason: null,
  at: fromIso(document.issuedAt),
});

/** The same for the provider's systems. */
export function noticeEvent({
  about,
  what,
  provider,
  currency,
  micros,
  name,
  period,
  reason,
  at,
}: Notice): Announcement {
  const common = { tenant: provider, subject: about, at };
  if (what === 'paid')
    return { ...common, type: 'payout.paid', data: { payout: about, currency, amountMicros: micros } };
  if (what === 'failed')
    return {
      ...common,
      type: 'payout.failed',
      data: { payout: about, currency, amountMicros: micros, reason: reason ?? '' },
    };
  const data = { document: about, kind: what, number: name, period: period ?? '', currency, totalMicros: micros };
  return { ...common, type: 'self_billed.issued', data };
}

/** A plain mail: what happened, how much, and where to read it. `site` is the market's address. */
export function renderNotice(
  { what, currency, micros, name, period, reason }: Notice,
  site: string,
): { subject: string; text: string } {
  const amount = `${formatMicros(micros)} ${currency}`;
  const where = `${site}/payouts`;
  switch (what) {
    case 'paid':
      return {
        subject: `You were paid ${amount}`,
        text: `A payout of ${amount} was made to your account at Stripe, which pays it on to your bank by its own schedule.\n\nWhat it pays for, request by request: ${where}`,
      };
    case 'failed':
      return {
        subject: `A payout of ${amount} failed`,
        text: `Stripe did not take a payout of ${amount}: ${reason ?? 'it gave no reason.'}\n\nThe amount is payable again and is in the next run. Look at your account: ${where}`,
      };
    case 'invoice':
    case 'credit_note': {
      const document = what === 'invoice' ? 'self-billed invoice' : 'self-billed credit note';
      return {
        subject: `Your ${document} ${name} is ready`,
        text: `The ${document} ${name} for ${period ?? ''} over ${amount} was issued in your name.\n\nIt can be read and downloaded: ${where}`,
      };
    }
  }
}
