/** Reports of what is open, accrued and expected: a party its own, the market all. */
import { accruals, agedPayables, agedReceivables } from '../../shared/finance-report/finance-report.store.ts';
import { forecastEarnings, forecastSpend } from '../../shared/finance-report/forecast.store.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { fromIso, monthOf } from '../../shared/kernel/time.ts';
import { kindOf, listOrganisations, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { afterOf, cursorOf } from '../middleware/cursor.ts';
import { refuseFields } from '../middleware/fields.ts';

/** Whom a page is about: the caller itself, or a page of the parties of a kind where it is the market. */
async function partiesOf(
  context: Context<Member>,
  kind: 'company' | 'provider',
  query: { limit: number; cursor?: string | undefined },
) {
  const { tenant } = context.actor;
  if (kindOf(tenant) !== 'market') return { ok: true as const, ids: [tenant], next: null };
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const page = await listOrganisations(context.tables, kind, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { ok: true as const, ids: page.items.map(({ id }) => id), next: await cursorOf(context, page.after) };
}

export const listAgedReceivables: Handler<'listAgedReceivables'> = async (context, { query }) => {
  const parties = await partiesOf(context, 'company', query);
  if (!parties.ok) return parties;
  return { status: 200, body: { items: await agedReceivables(context, parties.ids), next: parties.next } };
};

export const listAgedPayables: Handler<'listAgedPayables'> = async (context, { query }) => {
  const parties = await partiesOf(context, 'provider', query);
  if (!parties.ok) return parties;
  const rows = await agedPayables(context, parties.ids);
  return rows.ok ? { status: 200, body: { items: rows.value, next: parties.next } } : rows;
};

export const listAccruals: Handler<'listAccruals'> = async (context, { query }) => {
  const until = query.at === undefined ? undefined : fromIso(query.at);
  const period = query.period ?? monthOf(until ?? context.now);
  if (until !== undefined && monthOf(until) !== period)
    return refuseFields([{ field: 'at', message: `must be an instant of ${period} (UTC)` }]);
  const parties = await partiesOf(context, 'company', query);
  if (!parties.ok) return parties;
  const rows = await accruals(context, parties.ids, period, until);
  return rows.ok ? { status: 200, body: { items: rows.value, next: parties.next } } : rows;
};

export const getForecast: Handler<'getForecast'> = async (context) => {
  const organisation = await readOrganisation(context.tables, context.actor.tenant);
  if (organisation === undefined) return refuse('not_found', 'Your organisation is not there any more.');
  const of = organisation.kind === 'provider' ? forecastEarnings : forecastSpend;
  const forecasts = await of(context, organisation);
  return forecasts.ok ? { status: 200, body: { items: forecasts.value } } : forecasts;
};
