/** A customer's rating, data and fresh link; a company's branding, and what it is told of erasures. */
import * as z from 'zod';
import { Erasure } from '../../customer/erasure.ts';
import { HeldRequest } from '../../customer/held.ts';
import { RatingInput } from '../../customer/rating.ts';
import { Instant } from '../../kernel/time.ts';
import { Branding } from '../../organisation/branding.ts';
import { CustomerAccess } from '../../thread/access.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { LinkParams } from './customer.ts';

const LINK = { who: 'customer' } as const;

export const customerDataRoutes = defineRoutes([
  {
    id: 'rateRequest',
    function: 'customer',
    method: 'PUT',
    path: '/v1/links/{token}/rating',
    access: LINK,
    repeat: 'natural',
    summary: 'Rate how it was resolved; said again, it replaces what was said before',
    description: 'Until the reopen window has passed. The stars count in the provider’s quality.',
    params: LinkParams,
    body: RatingInput,
    responses: { 200: RatingInput },
    problems: ['not_resolved', 'window_passed', 'data_erased'],
  },
  {
    id: 'listSeen',
    function: 'customer',
    method: 'GET',
    path: '/v1/links/{token}/access',
    access: LINK,
    repeat: 'none',
    summary: 'Who looked at one’s request, and when',
    params: LinkParams,
    responses: { 200: z.object({ items: z.array(CustomerAccess) }).meta({ id: 'SeenBy' }) },
    problems: [],
  },
  {
    id: 'exportData',
    function: 'customer',
    method: 'GET',
    path: '/v1/links/{token}/export',
    access: LINK,
    repeat: 'none',
    summary: 'Everything that is held of oneself with this company',
    description: 'All requests under the same handle, page by page: what was said, who worked on it, what they wrote.',
    params: LinkParams,
    query: z.object({ ...PageQuery, limit: z.coerce.number().int().min(1).max(25).default(25) }),
    responses: {
      200: z
        .object({ company: z.string(), at: Instant, items: z.array(HeldRequest), next: z.string().nullable() })
        .meta({ id: 'Held' }),
    },
    problems: [],
  },
  {
    id: 'eraseData',
    function: 'customer',
    method: 'POST',
    path: '/v1/links/{token}/erase',
    access: LINK,
    repeat: 'natural',
    summary: 'Erase everything that one said to this company',
    description:
      'All requests under the same handle. What is not resolved yet is cancelled, since nobody could work on it; what is resolved stays resolved and can no longer be reopened. Texts, addresses and comments go; times, hashes and the ledger stay. The company is told. It cannot be undone.',
    params: LinkParams,
    body: z.strictObject({ confirm: z.literal('erase everything') }).meta({ id: 'EraseInput' }),
    responses: { 200: Erasure },
    problems: [],
  },
  {
    id: 'renewLink',
    function: 'customer',
    method: 'POST',
    path: '/v1/customer/link/renew',
    access: { who: 'everybody' },
    repeat: 'natural',
    summary: 'A fresh link by mail, to the address the request came from',
    description:
      'With a link that has ended or not. The answer is always the same; a mail goes only where the customer’s handle is an e-mail address, once in ten minutes at the most.',
    body: z.strictObject({ token: z.string().min(20).max(600) }).meta({ id: 'RenewInput' }),
    responses: { 202: z.object({ sent: z.literal('if_an_address_is_known') }).meta({ id: 'Renewed' }) },
    problems: [],
  },
  {
    id: 'getBranding',
    function: 'company',
    method: 'GET',
    path: '/v1/branding',
    access: { who: 'members', roles: ['company.admin', 'company.operator'], scope: 'organisation:read' },
    repeat: 'none',
    summary: 'How the company shows itself to its customers',
    responses: { 200: Branding },
    problems: [],
  },
  {
    id: 'putBranding',
    function: 'company',
    method: 'PUT',
    path: '/v1/branding',
    access: { who: 'members', roles: ['company.admin'], scope: 'organisation:write' },
    repeat: 'natural',
    summary: 'Set how the company shows itself to its customers, and whether the market mails them',
    body: Branding,
    responses: { 200: Branding },
    problems: ['mail_not_configured'],
  },
  {
    id: 'listErasures',
    function: 'company',
    method: 'GET',
    path: '/v1/erasures',
    access: { who: 'members', roles: ['company.admin', 'company.operator'], scope: 'requests:read' },
    repeat: 'none',
    summary: 'Customers who had erased what they said, with their requests: erase them on your side too',
    query: z.object(PageQuery),
    responses: { 200: pageOf(Erasure) },
    problems: [],
  },
]);
