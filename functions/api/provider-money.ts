/** What the market's people see of a provider's pay. */
import { refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { kindOf, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { accountView, readAccount, readPayoutProfile } from '../../shared/payout/account.store.ts';
import { listPayouts } from '../../shared/payout/payout.store.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';

const NO_PROVIDER = refuse('not_found', 'There is no provider with this id.');

const isProvider = async ({ tables }: Context, id: string): Promise<boolean> =>
  kindOf(id) === 'provider' && (await readOrganisation(tables, id)) !== undefined;

export const getProviderPayoutProfile: Handler<'getProviderPayoutProfile'> = async (context, { params }) => {
  const { organisation } = params;
  if (!(await isProvider(context, organisation))) return NO_PROVIDER;
  const [profile, account] = await Promise.all([
    readPayoutProfile(context, organisation),
    readAccount(context, organisation),
  ]);
  return { status: 200, body: { profile: profile ?? null, account: accountView(organisation, account) } };
};

export const listProviderPayouts: Handler<'listProviderPayouts'> = async (context, { params, query }) => {
  if (!(await isProvider(context, params.organisation))) return NO_PROVIDER;
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const at = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value as Item }) };
  const page = await listPayouts(context, params.organisation, at);
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};
