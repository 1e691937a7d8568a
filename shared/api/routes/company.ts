/** A company posts demand, sends requests and judges resolutions. */
import * as z from 'zod';
import { CompanyAward } from '../../award/award.ts';
import { Commitment, CommitmentInput } from '../../commitment/commitment.ts';
import { Rejection } from '../../dispatch/lease.ts';
import { OrganisationId, QueueId } from '../../kernel/id.ts';
import { Problem } from '../../kernel/problem.ts';
import { Instant } from '../../kernel/time.ts';
import { CompanyExplanation } from '../../market/round-file/explain.ts';
import { CompanyFile } from '../../market/round-file/round-file.ts';
import { CompanyFeedback } from '../../provisional/provisional.ts';
import { CommitmentPreview, CommitmentPreviewInput } from '../../provisional/what-if-company.ts';
import { RequestId, RequestInput, RequestStep, RequestView } from '../../request/request.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { LinkToken } from './customer.ts';
import { QueueRoundParams } from './market.ts';

const DEMAND = { who: 'members', roles: ['company.admin'], scope: 'demand:write' } as const;
const DEMAND_READ = {
  who: 'members',
  roles: ['company.admin', 'company.operator', 'company.finance'],
  scope: 'demand:read',
} as const;
export const SEND = { who: 'members', roles: ['company.admin', 'company.operator'], scope: 'requests:write' } as const;
export const FOLLOW = {
  who: 'members',
  roles: ['company.admin', 'company.operator', 'company.finance'],
  scope: 'requests:read',
} as const;
export const RequestParams = z.object({ request: RequestId });

export const companyRoutes = defineRoutes([
  {
    id: 'putCommitment',
    function: 'company',
    method: 'PUT',
    path: '/v1/queues/{queue}/rounds/{round}/commitment',
    access: DEMAND,
    repeat: 'natural',
    summary: 'Commit demand to an open round, or change what was committed',
    description: 'The answer’s `hash` acknowledges the commitment. It is sealed: nobody else sees it.',
    params: QueueRoundParams,
    body: CommitmentInput,
    responses: { 200: Commitment },
    problems: ['credit_limit', 'round_not_open', 'wrong_currency', 'organisation_not_approved', 'still_running'],
  },
  {
    id: 'getCommitment',
    function: 'company',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/commitment',
    access: DEMAND_READ,
    repeat: 'none',
    summary: 'One’s own commitment',
    params: QueueRoundParams,
    responses: { 200: Commitment },
    problems: [],
  },
  {
    id: 'withdrawCommitment',
    function: 'company',
    method: 'DELETE',
    path: '/v1/queues/{queue}/rounds/{round}/commitment',
    access: DEMAND,
    repeat: 'natural',
    summary: 'Withdraw a commitment before the close',
    params: QueueRoundParams,
    responses: { 204: null },
    problems: ['round_not_open', 'still_running'],
  },
  {
    id: 'getCompanyAward',
    function: 'company',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/award',
    access: DEMAND_READ,
    repeat: 'none',
    summary: 'What the round awarded the company, at what price, and what it would have paid alone',
    params: QueueRoundParams,
    responses: { 200: CompanyAward },
    problems: ['round_not_cleared'],
  },
  {
    id: 'getFeedback',
    function: 'company',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/feedback',
    access: DEMAND_READ,
    repeat: 'none',
    summary:
      'Where one’s commitment stands at the last provisional clearing: price, saving, and what would tip the pool',
    params: QueueRoundParams,
    responses: { 200: CompanyFeedback },
    problems: ['no_provisional'],
  },
  {
    id: 'previewCommitment',
    function: 'company',
    method: 'POST',
    path: '/v1/queues/{queue}/rounds/{round}/preview',
    access: DEMAND_READ,
    repeat: 'none',
    summary: 'What another commitment would cost, and what it would oblige one to',
    description:
      'Answered from the published aggregates of the last provisional clearing; nothing is committed. 60 per provisional clearing.',
    params: QueueRoundParams,
    body: CommitmentPreviewInput,
    responses: { 200: CommitmentPreview },
    problems: ['no_provisional', 'too_few_members', 'preview_limit', 'wrong_currency'],
  },
  {
    id: 'getCompanyFile',
    function: 'company',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/company-file',
    access: DEMAND_READ,
    repeat: 'none',
    summary: 'One’s own inputs and result of a round, with the proof that the commitment is under the public root',
    params: QueueRoundParams,
    responses: { 200: CompanyFile },
    problems: ['round_not_cleared'],
  },
  {
    id: 'getCompanyWhy',
    function: 'company',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/why',
    access: DEMAND_READ,
    repeat: 'none',
    summary: 'Why one pays this price: the parts it is made of, as figures and in sentences',
    params: QueueRoundParams,
    responses: { 200: CompanyExplanation },
    problems: ['round_not_cleared'],
  },
  {
    id: 'withdrawProvider',
    function: 'company',
    method: 'PUT',
    path: '/v1/queues/{queue}/withdrawals/{provider}',
    access: DEMAND,
    repeat: 'natural',
    summary: 'Take a provider off one’s requests of a queue at once',
    params: z.object({ queue: QueueId, provider: OrganisationId }),
    responses: { 204: null },
    problems: [],
  },
  {
    id: 'createRequest',
    function: 'company',
    method: 'POST',
    path: '/v1/requests',
    access: SEND,
    repeat: 'natural',
    summary: 'Send one request',
    description:
      'Keyed by `externalId`: the same id with the same content gives the same answer. A customer who comes back about the same thing within the reopen window gets status 200 and the request that is reopened. Without `queue` it goes to your queue of its `category`, or of what its `text` is about; where that is not sure enough, `needs_category` suggests some.',
    body: RequestInput,
    responses: { 201: RequestView, 200: RequestView },
    problems: [
      'not_found',
      'external_id_conflict',
      'idempotency_key_reused',
      'deadline_too_early',
      'needs_category',
      'category_mismatch',
      'budget_reached',
      'organisation_not_approved',
    ],
  },
  {
    id: 'createRequests',
    function: 'company',
    method: 'POST',
    path: '/v1/requests/batch',
    access: SEND,
    repeat: 'natural',
    summary: 'Send up to 100 requests; each succeeds or fails by itself',
    description:
      'Results come in the order sent, each with the status and body that it would have had alone. Entries with the same `externalId` are taken in order. A batch sent again creates nothing twice: send all of it, or what was `retryable`.',
    body: z.strictObject({ requests: z.array(z.unknown()).min(1).max(100) }).meta({
      id: 'RequestBatch',
      description: 'Each entry is a RequestInput; one that does not fit gets its own problem',
    }),
    responses: {
      200: z.object({
        results: z.array(
          z.union([
            z.object({ status: z.int(), request: RequestView }),
            z.object({ status: z.int(), problem: Problem }),
          ]),
        ),
      }),
    },
    problems: ['organisation_not_approved'],
  },
  {
    id: 'listRequests',
    function: 'company',
    method: 'GET',
    path: '/v1/requests',
    access: FOLLOW,
    repeat: 'none',
    summary: 'Requests of one queue and round, in order of acceptance',
    query: z.object({
      queue: QueueId,
      round: z.coerce.number().int().min(0).max(999_999).meta({ description: '0: those that no round could take' }),
      ...PageQuery,
    }),
    responses: { 200: pageOf(RequestView) },
    problems: [],
  },
  {
    id: 'getRequest',
    function: 'company',
    method: 'GET',
    path: '/v1/requests/{request}',
    access: FOLLOW,
    repeat: 'none',
    summary: 'One request',
    params: RequestParams,
    responses: { 200: RequestView },
    problems: [],
  },
  {
    id: 'getRequestHistory',
    function: 'company',
    method: 'GET',
    path: '/v1/requests/{request}/history',
    access: FOLLOW,
    repeat: 'none',
    summary: 'What became of a request, step by step, with who did it',
    description: 'The turns it still names are the current one, the first that resolved it and the last five.',
    params: RequestParams,
    responses: { 200: z.object({ items: z.array(RequestStep) }).meta({ id: 'RequestHistory' }) },
    problems: [],
  },
  {
    id: 'confirmRequest',
    function: 'company',
    method: 'POST',
    path: '/v1/requests/{request}/confirm',
    access: SEND,
    repeat: 'natural',
    summary: 'Confirm the resolution for the customer',
    params: RequestParams,
    responses: { 200: RequestView },
    problems: ['not_resolved', 'window_passed'],
  },
  {
    id: 'rejectRequest',
    function: 'company',
    method: 'POST',
    path: '/v1/requests/{request}/reject',
    access: SEND,
    repeat: 'natural',
    summary: 'Reject the resolution: the request is worked again',
    description:
      'The provider sees the reason. Rejections count in the company’s reputation, which providers see; one request can be rejected three times by its company, and any number of times by its customer.',
    params: RequestParams,
    body: Rejection.optional(),
    responses: { 200: RequestView },
    problems: ['not_resolved', 'window_passed', 'rejections_used', 'data_erased'],
  },
  {
    id: 'cancelRequest',
    function: 'company',
    method: 'POST',
    path: '/v1/requests/{request}/cancel',
    access: SEND,
    repeat: 'natural',
    summary: 'Cancel a request that is not resolved yet',
    params: RequestParams,
    responses: { 200: RequestView },
    problems: ['request_closed'],
  },
  {
    id: 'createLink',
    function: 'company',
    method: 'POST',
    path: '/v1/requests/{request}/link',
    access: SEND,
    repeat: 'none',
    summary: 'A signed link for the customer; it ends with the reopen window',
    params: RequestParams,
    responses: { 200: z.object({ token: LinkToken, expiresAt: Instant }).meta({ id: 'CustomerLink' }) },
    problems: [],
  },
]);
