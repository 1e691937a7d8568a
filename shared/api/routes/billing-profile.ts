/** How a company is billed. */
import * as z from 'zod';
import { BillingProfile, BillingProfileInput } from '../../billing-profile/billing-profile.ts';
import { BillingSettings, BillingSettingsInput } from '../../billing-profile/settings.ts';
import { OrganisationId } from '../../kernel/id.ts';
import { defineRoutes } from '../route.ts';

const OWN_READ = { who: 'members', roles: ['company.admin', 'company.finance'], scope: 'finance:read' } as const;
const OWN_WRITE = { who: 'members', roles: ['company.admin', 'company.finance'], scope: 'finance:write' } as const;
const MARKET = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const MARKET_WRITE = { who: 'members', roles: ['market.finance'], scope: 'finance:write' } as const;
const StripePage = z.object({ url: z.string() }).meta({ id: 'StripePage' });

export const billingProfileRoutes = defineRoutes([
  {
    id: 'getBillingProfile',
    function: 'billing',
    method: 'GET',
    path: '/v1/billing-profile',
    access: OWN_READ,
    repeat: 'none',
    summary: 'How the company is billed',
    responses: { 200: BillingProfile },
    problems: ['not_found'],
  },
  {
    id: 'putBillingProfile',
    function: 'billing',
    method: 'PUT',
    path: '/v1/billing-profile',
    access: OWN_WRITE,
    repeat: 'natural',
    summary: 'Say how the company is billed',
    description: 'Holds for every invoice that is made from now on. Invoices that are final are not changed.',
    body: BillingProfileInput,
    responses: { 200: BillingProfile },
    problems: ['purchase_order_expired'],
  },
  {
    id: 'setUpPaymentMethod',
    function: 'billing',
    method: 'POST',
    path: '/v1/billing-profile/checkout',
    access: OWN_WRITE,
    repeat: 'key',
    summary: 'A page at Stripe to set up what is charged',
    description: 'What is set up there becomes the default for all invoices that are charged automatically.',
    responses: { 201: StripePage },
    problems: ['not_found', 'stripe_refused', 'stripe_unavailable'],
  },
  {
    id: 'openBillingPortal',
    function: 'billing',
    method: 'POST',
    path: '/v1/billing-profile/portal',
    access: OWN_WRITE,
    repeat: 'none',
    summary: 'A page at Stripe with one’s invoices and payment methods, for one visit',
    responses: { 201: StripePage },
    problems: ['not_found', 'stripe_refused', 'stripe_unavailable'],
  },
  {
    id: 'getCompanyBillingProfile',
    function: 'money',
    method: 'GET',
    path: '/v1/organisations/{organisation}/billing-profile',
    access: MARKET,
    repeat: 'none',
    summary: 'How a company is billed, for the market’s finance people',
    params: z.object({ organisation: OrganisationId }),
    responses: { 200: BillingProfile },
    problems: ['not_found'],
  },
  {
    id: 'getBillingSettings',
    function: 'money',
    method: 'GET',
    path: '/v1/billing-settings',
    access: MARKET,
    repeat: 'none',
    summary: 'What holds for all invoices: whether Stripe reckons tax',
    responses: { 200: BillingSettings },
    problems: [],
  },
  {
    id: 'putBillingSettings',
    function: 'money',
    method: 'PUT',
    path: '/v1/billing-settings',
    access: MARKET_WRITE,
    repeat: 'natural',
    summary: 'Change what holds for all invoices that are planned from now on',
    body: BillingSettingsInput,
    responses: { 200: BillingSettings },
    problems: [],
  },
]);
