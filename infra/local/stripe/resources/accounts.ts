/** Connected accounts of v2 that receive transfers, the links by which they are set up, and what they still owe. */
import type { Stripe } from 'stripe';
import * as z from 'zod';
import type { Context } from '../context.ts';
import { invalid, StripeRefusal } from '../errors.ts';
import * as p from '../params.ts';
import { action, type Resource, route } from '../resource.ts';

type Account = Stripe.V2.Core.Account;
type Status = 'active' | 'pending' | 'restricted' | 'rejected';

const INCLUDE = [
  'configuration.customer',
  'configuration.merchant',
  'configuration.recipient',
  'defaults',
  'future_requirements',
  'identity',
  'requirements',
] as const;
const include = p.listOf(p.oneOf(INCLUDE)).optional();
const asked = p.hash({ requested: p.flag });
const recipient = {
  capabilities: p
    .hash({
      bank_accounts: p.anything.optional(),
      stripe_balance: p.hash({ stripe_transfers: asked.optional() }).optional(),
    })
    .optional(),
};
const update = {
  configuration: p.hash({ recipient: p.hash({ ...recipient, applied: p.flag.optional() }).optional() }).optional(),
  contact_email: p.text.optional(),
  contact_phone: p.text.optional(),
  dashboard: p.oneOf(['express', 'full', 'none']).optional(),
  defaults: p
    .hash({
      currency: p.currency.optional(),
      locales: p.listOf(p.text).optional(),
      profile: z.record(z.string(), z.unknown()).optional(),
      responsibilities: p
        .hash({
          fees_collector: p.oneOf(['application', 'application_custom', 'application_express', 'stripe']),
          losses_collector: p.oneOf(['application', 'stripe']),
        })
        .optional(),
    })
    .optional(),
  display_name: p.text.optional(),
  identity: p
    .hash({
      attestations: p.anything.optional(),
      business_details: z.record(z.string(), z.unknown()).optional(),
      country: p.text.optional(),
      entity_type: p.oneOf(['company', 'government_entity', 'individual', 'non_profit']).optional(),
      individual: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  include,
  metadata: p.metadata.optional(),
} satisfies p.ParamsOf<Stripe.V2.Core.AccountUpdateParams>;
const configurations = p.listOf(p.oneOf(['customer', 'merchant', 'recipient'])).optional();
const list = {
  ...p.v2Page,
  applied_configurations: configurations,
  closed: p.flag.optional(),
} satisfies p.ParamsOf<Stripe.V2.Core.AccountListParams & { page?: string }>;

const useCase = p.hash({
  collection_options: p
    .hash({
      fields: p.oneOf(['currently_due', 'eventually_due']).optional(),
      future_requirements: p.oneOf(['include', 'omit']).optional(),
    })
    .optional(),
  configurations: p.listOf(p.text).optional(),
  refresh_url: p.text,
  return_url: p.text.optional(),
});
const link = {
  account: p.text,
  use_case: p.hash({
    account_onboarding: useCase.optional(),
    account_update: useCase.optional(),
    type: p.oneOf(['account_onboarding', 'account_update']),
  }),
} satisfies p.ParamsOf<Stripe.V2.Core.AccountLinkCreateParams>;
const LINK_SECONDS = 600;

export const accounts: Resource = {
  routes: [
    route('POST', '/v2/core/accounts', update, (context, { params }) => {
      const account = keep(context, changed(fresh(context), params as Change));
      tell(context, account.id, 'v2.core.account.created');
      return including(account, params.include);
    }),
    route('GET', '/v2/core/accounts', list, (context, { params }) => {
      const [applied] = params.applied_configurations ?? [];
      const also =
        applied === undefined
          ? undefined
          : {
              sql: "EXISTS (SELECT 1 FROM json_each(body, '$.applied_configurations') WHERE value = ?)",
              values: [applied],
            };
      const where = { closed: params.closed === true };
      const query: Record<string, string> = {
        ...(applied === undefined ? {} : { 'applied_configurations[0]': applied }),
        ...(params.closed === undefined ? {} : { closed: String(params.closed) }),
      };
      const found = context.as('').listV2('v2.core.account', params, { url: '/v2/core/accounts', where, also, query });
      return { ...found, data: found.data.map((account) => including(account, undefined)) };
    }),
    route('GET', '/v2/core/accounts/:id', { include }, (context, { ids, params }) =>
      including(accountOf(context, ids.id ?? ''), params.include),
    ),
    route('POST', '/v2/core/accounts/:id', update, (context, { ids, params }) => {
      const old = accountOf(context, ids.id ?? '');
      if (old.closed === true) throw invalid('The account is closed.');
      const account = keep(context, changed(old, params as Change));
      tell(context, account.id, 'v2.core.account.updated');
      if (params.identity !== undefined) tell(context, account.id, 'v2.core.account[identity].updated');
      if (params.configuration !== undefined)
        tell(context, account.id, 'v2.core.account[configuration.recipient].updated');
      return including(account, params.include);
    }),
    route('POST', '/v2/core/accounts/:id/close', { applied_configurations: configurations }, (context, { ids }) => {
      const old = accountOf(context, ids.id ?? '');
      const account = keep(context, { ...old, closed: true });
      tell(context, account.id, 'v2.core.account.closed');
      return including(account, undefined);
    }),
    route('POST', '/v2/core/account_links', link, (context, { params }) =>
      makeLink(context, params as Stripe.V2.Core.AccountLinkCreateParams),
    ),
  ],
  actions: {
    complete_onboarding: action(
      'Gives Stripe what it asks of a connected account: it may receive transfers from now on.',
      { account: p.text },
      (context, { account }) => including(setTransfers(context, account, 'active'), [...INCLUDE]),
    ),
    restrict_account: action(
      'Has Stripe ask for something that is overdue: no transfers until the onboarding is completed again.',
      { account: p.text },
      (context, { account }) => including(setTransfers(context, account, 'restricted'), [...INCLUDE]),
    ),
    return_from_onboarding: action(
      'Comes back from the page of an account link, finished or not.',
      { account: p.text },
      (context, { account }) => {
        const { id } = accountOf(context, account);
        const data = { account_id: id, configurations: ['recipient'], use_case: 'account_onboarding' };
        context.emitThin('v2.core.account_link.returned', null, { data, about: id });
        return { account: id };
      },
    ),
  },
};

/** Whether transfers to an account are taken. */
export function mayReceive(context: Context, id: string): boolean {
  const account = context.as('').get('v2.core.account', id);
  return account?.closed !== true && transfersOf(account)?.status === 'active';
}

const transfersOf = (account: Account | undefined) =>
  account?.configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers;

function accountOf(context: Context, id: string): Account {
  const found = context.as('').get('v2.core.account', id);
  if (found !== undefined) return found;
  throw new StripeRefusal(404, {
    type: 'invalid_request_error',
    code: 'not_found',
    message: `Account ${id} not found.`,
  });
}

const keep = (context: Context, account: Account): Account => context.as('').put('v2.core.account', account);

function tell(context: Context, id: string, type: string, data?: object): void {
  const related = { id, type: 'v2.core.account', url: `/v2/core/accounts/${id}` };
  context.emitThin(type, related, { about: id, ...(data === undefined ? {} : { data }) });
}

/** Only the parts that were asked for; v2 leaves out the rest. */
function including(account: Account, wanted: readonly string[] | undefined): Account {
  const { configuration, defaults, future_requirements: future, identity, requirements, ...plain } = account;
  const has = (part: (typeof INCLUDE)[number]) => wanted?.includes(part) === true;
  const parts = Object.entries(configuration ?? {}).filter(
    ([name]) => wanted?.includes(`configuration.${name}`) === true,
  );
  return {
    ...plain,
    ...(parts.length > 0 ? { configuration: Object.fromEntries(parts) } : {}),
    ...(has('defaults') && defaults !== undefined ? { defaults } : {}),
    ...(has('future_requirements') && future !== undefined ? { future_requirements: future } : {}),
    ...(has('identity') && identity !== undefined ? { identity } : {}),
    ...(has('requirements') && requirements !== undefined ? { requirements } : {}),
  };
}

type Change = Omit<Stripe.V2.Core.AccountUpdateParams, 'metadata'> & {
  metadata?: Record<string, string | null> | null;
};

function fresh(context: Context): Account {
  return {
    id: context.newId('acct_1', 23),
    object: 'v2.core.account',
    applied_configurations: [],
    closed: false,
    configuration: {},
    created: new Date(context.now * 1_000).toISOString(),
    defaults: { responsibilities: { requirements_collector: 'stripe' } },
    future_requirements: { entries: [] },
    identity: {},
    livemode: false,
    metadata: {},
    requirements: { entries: [] },
  } satisfies Account;
}

function changed(old: Account, change: Change): Account {
  const { include: _include, account_token: _token, metadata, configuration, defaults, identity, ...plain } = change;
  const next: Account = {
    ...old,
    ...plain,
    metadata: p.mergeMetadata(old.metadata ?? {}, metadata),
    defaults: {
      ...old.defaults,
      ...defaults,
      responsibilities: {
        requirements_collector: 'stripe',
        ...old.defaults?.responsibilities,
        ...defaults?.responsibilities,
      },
    },
    identity: { ...old.identity, ...(identity as Account['identity']) },
  };
  const wanted = configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers?.requested;
  if (configuration?.recipient === undefined) return next;
  const status = transfersOf(old)?.status ?? 'restricted';
  return withTransfers(
    { ...next, applied_configurations: ['recipient'] },
    wanted === false ? undefined : (status as Status),
  );
}

/** Nothing left to say means active; anything else names what is missing. */
function withTransfers(account: Account, status: Status | undefined): Account {
  const isOpen = status === 'active';
  const details =
    isOpen || status === undefined
      ? []
      : [{ code: 'requirements_past_due' as const, resolution: 'provide_info' as const }];
  const capabilities =
    status === undefined ? {} : { stripe_balance: { stripe_transfers: { status, status_details: details } } };
  return {
    ...account,
    configuration: { ...account.configuration, recipient: { applied: true, capabilities } },
    requirements: isOpen || status === undefined ? { entries: [] } : wanting(),
  };
}

function wanting(): NonNullable<Account['requirements']> {
  const deadline = { status: 'past_due' as const };
  return {
    entries: [
      {
        awaiting_action_from: 'user',
        description: 'configuration.recipient.default_outbound_destination',
        errors: [],
        impact: {
          restricts_capabilities: [
            { capability: 'stripe_balance.stripe_transfers', configuration: 'recipient', deadline },
          ],
        },
        minimum_deadline: deadline,
        requested_reasons: [{ code: 'routine_onboarding' }],
      },
    ],
    summary: { minimum_deadline: deadline },
  };
}

function setTransfers(context: Context, id: string, status: Status): Account {
  const old = accountOf(context, id);
  if (transfersOf(old) === undefined)
    throw invalid('The account never asked to receive transfers.', { param: 'account' });
  if (transfersOf(old)?.status === status) return old;
  const account = keep(context, withTransfers(old, status));
  tell(context, id, 'v2.core.account[requirements].updated');
  const data = { updated_capability: 'stripe_balance.stripe_transfers' };
  tell(context, id, 'v2.core.account[configuration.recipient].capability_status_updated', data);
  return account;
}

function makeLink(context: Context, asked: Stripe.V2.Core.AccountLinkCreateParams): Stripe.V2.Core.AccountLink {
  const { id: account } = accountOf(context, asked.account);
  const use = asked.use_case[asked.use_case.type as 'account_onboarding' | 'account_update'];
  if (use === undefined)
    throw invalid(`Missing required param: use_case[${asked.use_case.type}].`, {
      code: 'parameter_missing',
      param: `use_case[${asked.use_case.type}]`,
    });
  const token = context.newId('', 22);
  const expires = context.now + LINK_SECONDS;
  const note = {
    id: `link:${token}`,
    object: 'local.note' as const,
    account,
    return_url: use.return_url ?? null,
    refresh_url: use.refresh_url,
    expires,
  };
  context.put('local.note', note);
  return {
    object: 'v2.core.account_link',
    account,
    created: new Date(context.now * 1_000).toISOString(),
    expires_at: new Date(expires * 1_000).toISOString(),
    livemode: false,
    url: `${context.url}/onboarding/${token}`,
    use_case: asked.use_case as Stripe.V2.Core.AccountLink['use_case'],
  } satisfies Stripe.V2.Core.AccountLink;
}
