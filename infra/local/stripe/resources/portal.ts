/** The billing portal: a link to a page of the stand-in where a customer sees invoices and payment methods. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';

const create = {
  configuration: p.text.optional(),
  customer: p.text,
  locale: p.text.optional(),
  return_url: p.text.optional(),
} satisfies p.ParamsOf<Stripe.BillingPortal.SessionCreateParams>;

export const portal: Resource = {
  routes: [
    route('POST', '/v1/billing_portal/sessions', create, (context, { params }) => {
      const { id: customer } = context.need('customer', params.customer, 'customer');
      const configuration =
        params.configuration === undefined
          ? standard(context)
          : context.need('billing_portal.configuration', params.configuration, 'configuration');
      const id = context.newId('bps_1');
      return context.put('billing_portal.session', {
        id,
        object: 'billing_portal.session',
        configuration: configuration.id,
        created: context.now,
        customer,
        customer_account: null,
        flow: null,
        livemode: false,
        locale: (params.locale as Stripe.BillingPortal.Session.Locale | undefined) ?? null,
        on_behalf_of: null,
        return_url: params.return_url ?? null,
        url: `${context.url}/portal/${id}`,
      } satisfies Stripe.BillingPortal.Session);
    }),
    route(
      'GET',
      '/v1/billing_portal/configurations',
      { ...p.page, is_default: p.flag.optional() },
      (context, { params }) => {
        standard(context);
        const where = { is_default: params.is_default };
        return context.list('billing_portal.configuration', params, {
          url: '/v1/billing_portal/configurations',
          where,
        });
      },
    ),
    route('GET', '/v1/billing_portal/configurations/:id', {}, (context, { ids }) =>
      context.need('billing_portal.configuration', ids.id ?? ''),
    ),
  ],
};

/** What an account has whose owner never opened the portal's settings. */
function standard(context: Context): Stripe.BillingPortal.Configuration {
  const [found] = context.find('billing_portal.configuration', { is_default: true });
  if (found !== undefined) return found;
  return context.put('billing_portal.configuration', {
    id: context.newId('bpc_1'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: context.now,
    default_return_url: null,
    features: {
      customer_update: { allowed_updates: ['email', 'tax_id'], enabled: true },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: { enabled: false, feedback_options: null, options: [] },
        enabled: false,
        mode: 'at_period_end',
        proration_behavior: 'none',
      },
      subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
      subscription_update: {
        billing_cycle_anchor: null,
        default_allowed_updates: [],
        enabled: false,
        proration_behavior: 'none',
        schedule_at_period_end: { conditions: [] },
        trial_update_behavior: 'end_trial',
      },
    },
    is_default: true,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: context.now,
  } satisfies Stripe.BillingPortal.Configuration);
}
