/** The pages of the stand-in: what a finance person would see at Stripe, with a button for each thing that can happen. */
import type Stripe from 'stripe';
import { page, text } from '../html.ts';
import type { HttpAnswer } from '../http-event.ts';
import type { Context } from './context.ts';
import type { Kind, Kinds } from './kinds.ts';
import type { Where } from './store.ts';
import { TEST_METHODS } from './test-methods.ts';

/** What a button does: actions of the resources, one after another. */
type Step = { action: string; params: Record<string, unknown> };
type Button = { label: string; steps: readonly Step[] };
type Section<K extends Kind> = {
  title: string;
  kind: K;
  /** Which of them; all where left out. */
  where?: Where;
  columns: Readonly<Record<string, (item: Kinds[K], context: Context) => string>>;
  buttons: (item: Kinds[K], context: Context) => readonly Button[];
};
type AnySection = Section<never>;

const MOST_SHOWN = 50;
const act = (label: string, action: string, params: Record<string, unknown>): Button => ({
  label,
  steps: [{ action, params }],
});
const section = <K extends Kind>(one: Section<K>): AnySection => one as unknown as AnySection;

const money = (cents: number, currency: string): string => {
  const sign = cents < 0 ? '−' : '';
  const whole = String(Math.floor(Math.abs(cents) / 100)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${whole}.${String(Math.abs(cents) % 100).padStart(2, '0')} ${currency.toUpperCase()}`;
};
const day = (seconds: number | null): string =>
  seconds === null ? '–' : new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ');
const idOf = (reference: string | { id: string } | null | undefined): string =>
  typeof reference === 'string' ? reference : (reference?.id ?? '');
const link = (path: string, label: string): string => `<a href="${text(path)}">${text(label)}</a>`;

const SECTIONS: readonly AnySection[] = [
  section({
    title: 'Invoices',
    kind: 'invoice',
    columns: {
      invoice: (it) => link(`/invoices/${it.id}`, it.number ?? it.id ?? ''),
      customer: (it, context) => text(nameOf(context, idOf(it.customer))),
      status: (it) => text(it.status ?? ''),
      due: (it) => text(day(it.due_date)),
      total: (it) => text(money(it.total, it.currency)),
      open: (it) => text(money(it.amount_remaining, it.currency)),
    },
    buttons: (it) => invoiceButtons(it),
  }),
  section({
    title: 'Payments',
    kind: 'charge',
    columns: {
      payment: (it) => text(it.id),
      customer: (it, context) => text(nameOf(context, idOf(it.customer))),
      status: (it) => text(it.disputed ? `${it.status}, disputed` : it.status),
      made: (it) => text(day(it.created)),
      amount: (it) => text(money(it.amount, it.currency)),
      refunded: (it) => text(money(it.amount_refunded, it.currency)),
    },
    buttons: (it) =>
      it.status === 'succeeded' && !it.disputed ? [act('Dispute', 'chargeback', { charge: it.id })] : [],
  }),
  section({
    title: 'Debits under way',
    kind: 'payment_intent',
    where: { status: 'processing' },
    columns: {
      payment: (it) => text(it.id),
      status: (it) => text(it.status),
      amount: (it) => text(money(it.amount, it.currency)),
    },
    buttons: ({ id }) => [
      act('Arrive', 'finish_payment', { payment_intent: id }),
      act('Decline', 'finish_payment', { payment_intent: id, code: 'payment_intent_payment_attempt_failed' }),
    ],
  }),
  section({
    title: 'Disputes',
    kind: 'dispute',
    columns: {
      dispute: (it) => text(it.id),
      reason: (it) => text(it.reason),
      status: (it) => text(it.status),
      amount: (it) => text(money(it.amount, it.currency)),
    },
    buttons: (it) =>
      /^(won|lost|warning_closed|prevented)$/.test(it.status)
        ? []
        : [act('Win', 'win_dispute', { dispute: it.id }), act('Lose', 'lose_dispute', { dispute: it.id })],
  }),
  section({
    title: 'Payouts to the bank',
    kind: 'payout',
    columns: {
      payout: (it) => text(it.id),
      status: (it) => text(it.status),
      arrives: (it) => text(day(it.arrival_date)),
      amount: (it) => text(money(it.amount, it.currency)),
    },
    buttons: (it) => (it.status === 'failed' ? [] : [act('Fail', 'fail_payout', { payout: it.id })]),
  }),
  section({
    title: 'Transfers to providers',
    kind: 'transfer',
    columns: {
      transfer: (it) => text(it.id),
      account: (it) => text(idOf(it.destination)),
      made: (it) => text(day(it.created)),
      amount: (it) => text(money(it.amount, it.currency)),
      reversed: (it) => text(money(it.amount_reversed, it.currency)),
    },
    buttons: () => [],
  }),
  section({
    title: 'Accounts of providers',
    kind: 'v2.core.account',
    columns: {
      account: (it) => text(it.display_name ?? it.id),
      transfers: (it) =>
        text(it.configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers?.status ?? 'not asked for'),
    },
    buttons: (it) => [
      act('Complete the onboarding', 'complete_onboarding', { account: it.id }),
      act('Restrict', 'restrict_account', { account: it.id }),
    ],
  }),
  section({
    title: 'Checkout sessions',
    kind: 'checkout.session',
    columns: {
      session: (it) =>
        it.url === null ? text(`${it.id.slice(0, 20)}…`) : link(`/checkout/${it.id}`, `${it.id.slice(0, 20)}…`),
      customer: (it, context) => text(nameOf(context, idOf(it.customer))),
      status: (it) => text(it.status ?? ''),
    },
    buttons: (it) =>
      it.status === 'open' ? [act('Complete with a card', 'complete_checkout', { session: it.id })] : [],
  }),
];

/** The page of a path; undefined where there is none. */
export function standInPage(context: Context, path: string): HttpAnswer | undefined {
  const [, place = '', id = ''] = path.split('/');
  switch (place) {
    case '':
      return home(context);
    case 'invoices':
      return invoicePage(context, context.get('invoice', id));
    case 'checkout':
      return checkoutPage(context, context.get('checkout.session', id));
    case 'portal':
      return portalPage(context, context.get('billing_portal.session', id));
    case 'onboarding':
      return onboardingPage(context, id);
    default:
      return undefined;
  }
}

function home(context: Context): HttpAnswer {
  const tables = SECTIONS.map((one) => sectionHtml(context, one)).filter((html) => html !== '');
  const empty =
    '<div class="empty"><p><b>Nothing yet.</b> Invoices, payments and payouts appear here once there are some.</p></div>';
  return shown('Money at Stripe', context, tables.length === 0 ? empty : tables.join('\n'));
}

function sectionHtml(context: Context, one: AnySection): string {
  const items = context.store.select(one.kind as Kind, '', { where: one.where, order: 'newest', limit: MOST_SHOWN });
  return items.length === 0 ? '' : tableHtml(context, one, items as never[]);
}

function tableHtml(context: Context, { title, columns, buttons }: AnySection, items: readonly never[]): string {
  const names = Object.keys(columns);
  const head = names.map((name) => `<th scope="col">${text(name)}</th>`).join('');
  const rows = items.map((item) => {
    const cells = names.map(
      (name) => `<td data-label="${text(name)}"><span>${columns[name]?.(item, context) ?? ''}</span></td>`,
    );
    return `<tr>${cells.join('')}<td data-label=""><span>${buttons(item, context).map(buttonHtml).join(' ')}</span></td></tr>`;
  });
  return `<table><caption>${text(title)}</caption><thead><tr>${head}<th scope="col"><span class="soft">what can happen</span></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const buttonHtml = ({ label, steps }: Button): string =>
  `<button type="button" data-steps="${text(JSON.stringify(steps))}">${text(label)}</button>`;

function invoiceButtons(invoice: Stripe.Invoice): readonly Button[] {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return [];
  const pay: Step = { action: 'pay_invoice', params: { invoice: invoice.id, payment_method: 'pm_card_visa' } };
  const decline: Step = { action: 'decline_next', params: { customer: idOf(invoice.customer) } };
  return [
    { label: 'Pay', steps: [pay] },
    { label: 'Decline', steps: [decline, pay] },
  ];
}

function invoicePage(context: Context, invoice: Stripe.Invoice | undefined): HttpAnswer | undefined {
  if (invoice === undefined) return undefined;
  const lines = context.find('line_item', { invoice: invoice.id ?? '' });
  const list = section<'line_item'>({
    title: 'Lines',
    kind: 'line_item',
    columns: { line: (it) => text(it.description ?? it.id), amount: (it) => text(money(it.amount, it.currency)) },
    buttons: () => [],
  });
  const body = `<p>${text(nameOf(context, idOf(invoice.customer)))}: <b>${text(money(invoice.total, invoice.currency))}</b>, ${text(invoice.status ?? '')}, ${text(money(invoice.amount_remaining, invoice.currency))} open, due ${text(day(invoice.due_date))}.</p>
<p>${invoiceButtons(invoice).map(buttonHtml).join(' ')}</p>
${lines.length === 0 ? '' : tableHtml(context, list, lines as never[])}`;
  return shown(`Invoice ${invoice.number ?? invoice.id ?? ''}`, context, body);
}

function checkoutPage(context: Context, session: Stripe.Checkout.Session | undefined): HttpAnswer | undefined {
  if (session === undefined) return undefined;
  const types = new Set(session.payment_method_types);
  const methods = TEST_METHODS.filter((id) =>
    types.has(id.startsWith('pm_card') ? 'card' : id.startsWith('pm_sepa') ? 'sepa_debit' : 'us_bank_account'),
  );
  const buttons = methods.map((id) => act(id, 'complete_checkout', { session: session.id, payment_method: id }));
  const back = (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
  const open = `<p>${text(nameOf(context, idOf(session.customer)))} leaves a payment method for later. Choose one of Stripe’s test methods:</p><p>${buttons.map(buttonHtml).join(' ')}</p>
<p>${session.cancel_url === null ? '' : link(session.cancel_url, 'Not now')}</p>`;
  const done = `<p>The session is ${text(session.status ?? '')}. ${link(back, 'Go on')}</p>`;
  return shown('Checkout', context, session.status === 'open' ? open : done);
}

function portalPage(context: Context, session: Stripe.BillingPortal.Session | undefined): HttpAnswer | undefined {
  const customer = session === undefined ? undefined : context.get('customer', session.customer);
  if (session === undefined || customer === undefined) return undefined;
  const [invoices] = SECTIONS;
  const list = context.store.select('invoice', '', {
    where: { customer: customer.id },
    order: 'newest',
    limit: MOST_SHOWN,
  });
  const methods = context.find('payment_method', { customer: customer.id });
  const chosen = idOf(customer.invoice_settings.default_payment_method);
  const names = methods.map((method) => {
    const { last4 } = method.card ?? method.sepa_debit ?? method.us_bank_account ?? { last4: '' };
    return `<li>${text(method.type)} ending in ${text(last4 ?? '')}${method.id === chosen ? ', used for invoices' : ''}</li>`;
  });
  const body = `<p>${text(customer.name ?? customer.id)}, ${text(customer.email ?? 'no address')}</p>
<ul>${names.join('')}</ul>
${invoices === undefined || list.length === 0 ? '<p>No invoices.</p>' : tableHtml(context, invoices, list as never[])}
<p>${session.return_url === null ? '' : link(session.return_url, 'Back')}</p>`;
  return shown('Billing', context, body);
}

function onboardingPage(context: Context, token: string): HttpAnswer | undefined {
  const note = context.get('local.note', `link:${token}`) as
    | { account: string; return_url: string | null; refresh_url: string; expires: number }
    | undefined;
  if (note === undefined) return undefined;
  if (note.expires <= context.now)
    return shown('This link has expired', context, `<p>${link(note.refresh_url, 'Ask for a new one')}</p>`);
  const returned: Step = { action: 'return_from_onboarding', params: { account: note.account } };
  const complete: Step = { action: 'complete_onboarding', params: { account: note.account } };
  const buttons: Button[] = [
    { label: 'Give all that Stripe asks for', steps: [complete, returned] },
    { label: 'Leave without finishing', steps: [returned] },
  ];
  const back = note.return_url === null ? '' : `<p>${link(note.return_url, 'Go back to the market')}</p>`;
  return shown(`Onboarding of ${note.account}`, context, `<p>${buttons.map(buttonHtml).join(' ')}</p>${back}`);
}

const nameOf = (context: Context, customer: string): string =>
  customer === '' ? 'Nobody' : (context.get('customer', customer)?.name ?? customer);

const SCRIPT = `
const said = document.getElementById('said');
for (const button of document.querySelectorAll('button[data-steps]')) {
  button.addEventListener('click', async () => {
    button.disabled = true;
    let problem = '';
    for (const { action, params } of JSON.parse(button.dataset.steps)) {
      const answer = await fetch('/local/actions/' + action, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) });
      if (!answer.ok) problem = (await answer.json()).error.message;
    }
    sessionStorage.setItem('said', problem || 'Done: ' + button.textContent);
    location.reload();
  });
}
said.textContent = sessionStorage.getItem('said') ?? '';
sessionStorage.removeItem('said');`;

function shown(title: string, context: Context, body: string): HttpAnswer {
  return page({
    title: `${title} · Stand-in for Stripe`,
    connects: true,
    script: SCRIPT,
    body: `<header><h1>${text(title)}</h1><p class="soft">No money moves here. The time is ${text(day(context.now))} UTC by the market clock. <a href="/">All</a></p><p role="status" id="said"></p></header><main>${body}</main>`,
  });
}
