/** Receipts: signed evidence of one outcome, for each of its parties, and the keys to check it with. */
import * as z from 'zod';
import { LeaseId } from '../../dispatch/lease.ts';
import { Jwks } from '../../receipt/keys.ts';
import { Receipt } from '../../receipt/receipt.ts';
import { RequestId } from '../../request/request.ts';
import { defineRoutes } from '../route.ts';
import { LinkParams } from './customer.ts';

export const SignedReceipt = z
  .object({
    jws: z.string().meta({ description: 'The receipt, signed: a compact JWS; the keys are at /v1/receipts/jwks' }),
    receipt: Receipt.meta({ description: 'What it says, to be read; only the JWS proves it' }),
  })
  .meta({ id: 'SignedReceipt' });

const PROBLEMS = ['not_resolved', 'receipt_not_ready'] as const;

export const receiptRoutes = defineRoutes([
  {
    id: 'getReceiptKeys',
    function: 'receipts',
    method: 'GET',
    path: '/v1/receipts/jwks',
    access: { who: 'everybody' },
    repeat: 'none',
    summary: 'The public keys of receipts, also those that have been followed by others',
    responses: { 200: Jwks },
    problems: [],
  },
  {
    id: 'getRequestReceipt',
    function: 'receipts',
    method: 'GET',
    path: '/v1/requests/{request}/receipt',
    access: {
      who: 'members',
      roles: ['company.admin', 'company.operator', 'company.finance'],
      scope: 'requests:read',
    },
    repeat: 'none',
    summary: 'The signed receipt of a settled request, with what the company is charged',
    params: z.object({ request: RequestId }),
    responses: { 200: SignedReceipt },
    problems: PROBLEMS,
  },
  {
    id: 'getLeaseReceipt',
    function: 'receipts',
    method: 'GET',
    path: '/v1/leases/{lease}/receipt',
    access: { who: 'members', roles: ['provider.admin', 'provider.agent', 'provider.finance'], scope: 'work:read' },
    repeat: 'none',
    summary: 'The signed receipt of one’s own turn, with what it is paid; also of a turn that was reopened',
    params: z.object({ lease: LeaseId }),
    responses: { 200: SignedReceipt },
    problems: PROBLEMS,
  },
  {
    id: 'getLinkReceipt',
    function: 'receipts',
    method: 'GET',
    path: '/v1/links/{token}/receipt',
    access: { who: 'customer' },
    repeat: 'none',
    summary: 'The signed receipt of one’s settled request, without a price',
    params: LinkParams,
    responses: { 200: SignedReceipt },
    problems: PROBLEMS,
  },
]);
