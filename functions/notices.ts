/** Mails about money: to a company's billing contact, and to a provider's. */
import { readProfile } from '../shared/billing-profile/billing-profile.store.ts';
import type { Notify } from '../shared/credit/dunning.store.ts';
import { amountText } from '../shared/invoice/lines.ts';
import type { Call } from '../shared/kernel/call.ts';
import { fromIso } from '../shared/kernel/time.ts';
import { dueNotices, noticeDone } from '../shared/payout/notice.store.ts';
import { renderNotice } from '../shared/payout/notice.ts';
import type { Runtime } from './runtime.ts';

/** Tells the billing contact by mail that an invoice is overdue; on a host without mail, the webhook alone tells. */
export const noticeBy =
  (runtime: Runtime): Notify =>
  async (call, invoice) => {
    const profile = await readProfile(call, invoice.company);
    if (profile === undefined || !runtime.mail.isConfigured) return;
    const name = invoice.number ?? invoice.id;
    const amount = amountText(invoice.remainingMicros, invoice.currency);
    const due = invoice.dueAt ?? invoice.plannedAt;
    const text = [
      `Invoice ${name} for ${invoice.period} was due on ${due.slice(0, 10)} (UTC), and ${amount} of it is unpaid.`,
      'New requests are held back if it is still unpaid ten days after that date. Nothing is lost: they become ready when it is paid.',
      `Your invoices: ${runtime.siteUrl()}/billing`,
    ];
    await runtime.mail.send({
      id: `overdue#${invoice.id}`,
      at: fromIso(due),
      to: profile.billingEmail,
      fromName: 'Parley',
      replyTo: null,
      subject: `Invoice ${name} is overdue`,
      text: text.join('\n\n'),
      html: text.map((line) => `<p>${escaped(line)}</p>`).join(''),
    });
  };

/** Mails to providers what is due, at least once each; on a host without mail, or without an address, the webhook alone tells. */
export async function sweepProviderNotices(call: Call, runtime: Runtime): Promise<{ nextAt: number | null }> {
  const { letters, nextAt } = await dueNotices(call);
  for (const { key, notice, to } of letters) {
    if (to !== null && runtime.mail.isConfigured) {
      const { subject, text } = renderNotice(notice, runtime.siteUrl());
      const html = text
        .split('\n\n')
        .map((line) => `<p>${escaped(line)}</p>`)
        .join('');
      const id = `${notice.what}#${notice.about}`;
      const mail = { id, at: notice.at, to, fromName: 'Parley', replyTo: null, subject, text, html };
      try {
        await runtime.mail.send(mail);
      } catch (error) {
        // It stays due: the next sweep sends it.
        runtime.log('warn', 'a mail was not sent; it is tried again', { mail: id, error: String(error) });
        continue;
      }
    }
    await noticeDone(call, key);
  }
  return { nextAt };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
