/** What companies owe: for themselves, and for the market's finance people. */
import { readPause } from '../../shared/budget/pause.store.ts';
import { exposureOf } from '../../shared/credit/credit.store.ts';
import { creditSentence } from '../../shared/credit/credit.ts';
import { withdrawWriteOff as takeBack, writeOff } from '../../shared/credit/dunning.store.ts';
import { listWriteOffs as writeOffs } from '../../shared/invoice/due.store.ts';
import type { Call } from '../../shared/kernel/call.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { readOrganisation } from '../../shared/organisation/organisation.store.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { stripeCall } from '../stripe-out.ts';

const NO_COMPANY = refuse('not_found', 'There is no such company.');

async function creditOf(call: Call, id: string) {
  const company = await readOrganisation(call.tables, id);
  if (company?.kind !== 'company') return NO_COMPANY;
  const [exposure, pause] = await Promise.all([exposureOf(call, company), readPause(call, id)]);
  const shown = pause === undefined ? null : { reasons: pause.reasons, since: pause.since, detail: pause.detail };
  return { status: 200 as const, body: { exposure, sentence: creditSentence(exposure), pause: shown } };
}

export const getCredit: Handler<'getCredit'> = (context) => creditOf(context, context.actor.tenant);
export const getCompanyCredit: Handler<'getCompanyCredit'> = (context, { params }) =>
  creditOf(context, params.organisation);

export const listWriteOffs: Handler<'listWriteOffs'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await writeOffs(context, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const writeOffInvoice: Handler<'writeOffInvoice'> = async (context, { params }) => {
  const written = await writeOff(await stripeCall(context.runtime, context), context.actor.user, params.invoice);
  return written.ok ? { status: 200, body: written.value } : written;
};

export const withdrawWriteOff: Handler<'withdrawWriteOff'> = async (context, { params }) => {
  const withdrawn = await takeBack(context, params.invoice);
  return withdrawn.ok ? { status: 200, body: withdrawn.value } : withdrawn;
};
