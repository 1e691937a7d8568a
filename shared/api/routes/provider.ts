/** A provider bids and works. */
import * as z from 'zod';
import { ProviderAward } from '../../award/award.ts';
import { Bid, BidInput } from '../../bid/bid.ts';
import { LeaseId, LeaseState, LeaseView, OutcomeCode } from '../../dispatch/lease.ts';
import { QueueId } from '../../kernel/id.ts';
import { ProviderExplanation } from '../../market/round-file/explain.ts';
import { ProviderFile } from '../../market/round-file/round-file.ts';
import { ProviderFeedback } from '../../provisional/provisional.ts';
import { BidPreview, BidPreviewInput } from '../../provisional/what-if-provider.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { QueueRoundParams } from './market.ts';

const SUPPLY = { who: 'members', roles: ['provider.admin'], scope: 'supply:write' } as const;
const SUPPLY_READ = { who: 'members', roles: ['provider.admin', 'provider.finance'], scope: 'supply:read' } as const;
export const WORK = { who: 'members', roles: ['provider.admin', 'provider.agent'], scope: 'work:write' } as const;
export const WORK_READ = { who: 'members', roles: ['provider.admin', 'provider.agent'], scope: 'work:read' } as const;
export const LeaseParams = z.object({ lease: LeaseId });

export const Work = z
  .object({ lease: LeaseView, category: z.string(), text: z.string(), fields: z.record(z.string(), z.string()) })
  .meta({ id: 'Work', description: 'A claimed request with what the provider may see of it' });

export const providerRoutes = defineRoutes([
  {
    id: 'putBid',
    function: 'provider',
    method: 'PUT',
    path: '/v1/queues/{queue}/rounds/{round}/bid',
    access: SUPPLY,
    repeat: 'natural',
    summary: 'Bid in an open round, or change the bid',
    description:
      'The answer’s `hash` acknowledges the bid. After the round’s first provisional clearing a bid may only improve: no less capacity, no higher price at any volume, no higher minimum award.',
    params: QueueRoundParams,
    body: BidInput,
    responses: { 200: Bid },
    problems: [
      'round_not_open',
      'wrong_currency',
      'organisation_not_approved',
      'bid_may_only_improve',
      'still_running',
    ],
  },
  {
    id: 'getBid',
    function: 'provider',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/bid',
    access: SUPPLY_READ,
    repeat: 'none',
    summary: 'One’s own bid',
    params: QueueRoundParams,
    responses: { 200: Bid },
    problems: [],
  },
  {
    id: 'withdrawBid',
    function: 'provider',
    method: 'DELETE',
    path: '/v1/queues/{queue}/rounds/{round}/bid',
    access: SUPPLY,
    repeat: 'natural',
    summary: 'Withdraw a bid before the close, and before the first provisional clearing',
    params: QueueRoundParams,
    responses: { 204: null },
    problems: ['round_not_open', 'bid_may_only_improve', 'still_running'],
  },
  {
    id: 'getProviderAward',
    function: 'provider',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/provider-award',
    access: SUPPLY_READ,
    repeat: 'none',
    summary: 'What the round awarded the provider',
    params: QueueRoundParams,
    responses: { 200: ProviderAward },
    problems: ['round_not_cleared'],
  },
  {
    id: 'getProviderFeedback',
    function: 'provider',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/provider-feedback',
    access: SUPPLY_READ,
    repeat: 'none',
    summary: 'Where one’s bid stands at the last provisional clearing',
    description:
      'In the running: the tier and the volume it would get. Otherwise its third of all bidders and, from four bidders on, the price to win.',
    params: QueueRoundParams,
    responses: { 200: ProviderFeedback },
    problems: ['no_provisional'],
  },
  {
    id: 'previewBid',
    function: 'provider',
    method: 'POST',
    path: '/v1/queues/{queue}/rounds/{round}/provider-preview',
    access: SUPPLY_READ,
    repeat: 'none',
    summary: 'Where another bid would stand',
    description:
      'Answered from the published aggregates of the last provisional clearing; nothing is bid. Only for bids that could be placed: better than the one that stands. 60 per provisional clearing.',
    params: QueueRoundParams,
    body: BidPreviewInput,
    responses: { 200: BidPreview },
    problems: ['no_provisional', 'too_few_members', 'preview_limit', 'wrong_currency', 'bid_may_only_improve'],
  },
  {
    id: 'getProviderFile',
    function: 'provider',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/provider-file',
    access: SUPPLY_READ,
    repeat: 'none',
    summary: 'One’s own bid and result of a round, with the proof that the bid is under the public root',
    params: QueueRoundParams,
    responses: { 200: ProviderFile },
    problems: ['round_not_cleared'],
  },
  {
    id: 'getProviderWhy',
    function: 'provider',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/provider-why',
    access: SUPPLY_READ,
    repeat: 'none',
    summary: 'Why one was awarded what it was, or nothing, and what would have won',
    description:
      'Worked out from the round’s file. The price to win only for those who were awarded nothing, from four bidders on, rounded down to a step of 1 %; not in a market too large to be cleared again at once.',
    params: QueueRoundParams,
    responses: { 200: ProviderExplanation },
    problems: ['round_not_cleared'],
  },
  {
    id: 'claim',
    tool: 'claim_work',
    function: 'provider',
    method: 'POST',
    path: '/v1/claims',
    access: WORK,
    repeat: 'none',
    summary: 'Claim up to ten requests, earliest deadline first',
    description:
      'Answers at once. With nothing to do, `reason` says why and `retryAfterMs` when to ask again. What one holds is at `GET /v1/leases?state=held`.',
    body: z
      .strictObject({ queues: z.array(QueueId).min(1).max(50).optional(), max: z.int().min(1).max(10).default(1) })
      .meta({ id: 'ClaimInput' }),
    responses: {
      200: z
        .object({
          work: z.array(Work),
          retryAfterMs: z.int(),
          reason: z
            .enum(['nothing_waits', 'offline', 'outside_hours', 'at_capacity'])
            .nullable()
            .meta({ description: 'Why there is nothing; null with work' }),
        })
        .meta({ id: 'Claimed' }),
    },
    problems: ['organisation_not_approved'],
  },
  {
    id: 'listLeases',
    tool: 'list_turns',
    function: 'provider',
    method: 'GET',
    path: '/v1/leases',
    access: WORK_READ,
    repeat: 'none',
    summary: 'One’s turns of a month, newest first',
    query: z.object({
      month: z
        .string()
        .regex(/^\d{4}-\d{2}$/, 'must be a month such as 2026-01')
        .optional(),
      state: LeaseState.optional(),
      ...PageQuery,
    }),
    responses: { 200: pageOf(LeaseView) },
    problems: [],
  },
  {
    id: 'getLease',
    tool: 'get_turn',
    function: 'provider',
    method: 'GET',
    path: '/v1/leases/{lease}',
    access: WORK_READ,
    repeat: 'none',
    summary: 'One turn',
    params: LeaseParams,
    responses: { 200: LeaseView },
    problems: [],
  },
  {
    id: 'heartbeat',
    tool: 'heartbeat',
    function: 'provider',
    method: 'POST',
    path: '/v1/leases/{lease}/heartbeat',
    access: WORK,
    repeat: 'natural',
    summary: 'Prove progress and keep the request',
    params: LeaseParams,
    body: z
      .strictObject({
        progress: z.boolean().default(true).meta({ description: 'Whether a step was done since the last beat' }),
      })
      .meta({ id: 'HeartbeatInput' }),
    responses: { 200: LeaseView },
    problems: ['lease_ended', 'lease_expired', 'no_progress', 'lane_withdrawn'],
  },
  {
    id: 'resolve',
    tool: 'resolve',
    function: 'provider',
    method: 'POST',
    path: '/v1/leases/{lease}/resolve',
    access: WORK,
    repeat: 'natural',
    summary: 'Claim a resolution',
    params: LeaseParams,
    body: z
      .strictObject({
        code: OutcomeCode,
        summary: z.string().min(1).max(400),
        evidence: z.string().max(8_000).default(''),
      })
      .meta({ id: 'ResolveInput' }),
    responses: { 200: LeaseView },
    problems: ['lease_ended', 'lease_expired', 'lane_withdrawn'],
  },
  {
    id: 'escalate',
    tool: 'escalate',
    function: 'provider',
    method: 'POST',
    path: '/v1/leases/{lease}/escalate',
    access: WORK,
    repeat: 'natural',
    summary: 'Hand the request to somebody else, with what was learnt',
    params: LeaseParams,
    body: z.strictObject({ reason: z.string().min(1).max(400) }).meta({ id: 'EscalateInput' }),
    responses: { 200: LeaseView },
    problems: ['lease_ended', 'lease_expired'],
  },
  {
    id: 'decline',
    tool: 'decline',
    function: 'provider',
    method: 'POST',
    path: '/v1/leases/{lease}/decline',
    access: WORK,
    repeat: 'natural',
    summary: 'Give the request back; it is not offered to one again',
    params: LeaseParams,
    body: z.strictObject({ reason: z.string().min(1).max(400) }).meta({ id: 'DeclineInput' }),
    responses: { 200: LeaseView },
    problems: ['lease_ended', 'lease_expired'],
  },
  {
    id: 'addNote',
    tool: 'add_note',
    function: 'provider',
    method: 'POST',
    path: '/v1/leases/{lease}/notes',
    access: WORK,
    repeat: 'key',
    summary: 'Keep a late result or a remark with the turn',
    params: LeaseParams,
    body: z.strictObject({ text: z.string().min(1).max(4_000) }).meta({ id: 'NoteInput' }),
    responses: { 201: z.object({ lease: LeaseId, text: z.string() }) },
    problems: ['message_conflict'],
  },
]);
