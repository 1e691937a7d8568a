/** What the market's people see of a provider's pay: whom it goes to, and the payouts it was. */
import * as z from 'zod';
import { OrganisationId } from '../../kernel/id.ts';
import { PayoutAccount, PayoutProfile } from '../../payout/account.ts';
import { Payout } from '../../payout/payout.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const MARKET = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const params = z.object({ organisation: OrganisationId });

export const providerMoneyRoutes = defineRoutes([
  {
    id: 'getProviderPayoutProfile',
    function: 'money',
    method: 'GET',
    path: '/v1/organisations/{organisation}/payout-profile',
    access: MARKET,
    repeat: 'none',
    summary: 'Who is paid for a provider, and how its account at Stripe stands, for the market’s people',
    params,
    responses: {
      200: z
        .object({
          profile: PayoutProfile.nullable().meta({ description: 'Null: the provider has not said yet who is paid' }),
          account: PayoutAccount,
        })
        .meta({ id: 'ProviderPay' }),
    },
    problems: ['not_found'],
  },
  {
    id: 'listProviderPayouts',
    function: 'money',
    method: 'GET',
    path: '/v1/organisations/{organisation}/payouts',
    access: MARKET,
    repeat: 'none',
    summary: 'A provider’s payouts, the newest first, for the market’s people',
    params,
    query: z.object(PageQuery),
    responses: { 200: pageOf(Payout) },
    problems: ['not_found'],
  },
]);
