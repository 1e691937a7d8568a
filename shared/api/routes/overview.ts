/** What an organisation has in all queues at once. */
import * as z from 'zod';
import { OwnBid, OwnCommitment } from '../../award/own-list.ts';
import { Checklist } from '../../checklist/checklist.ts';
import { InboxItem } from '../../inbox/inbox.ts';
import { AllOpenWork } from '../../operations/operations.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { EVERY_ROLE } from './market.ts';

const PARTIES = [
  'company.admin',
  'company.operator',
  'company.finance',
  'provider.admin',
  'provider.agent',
  'provider.finance',
] as const;

export const overviewRoutes = defineRoutes([
  {
    id: 'listCommitments',
    function: 'overview',
    method: 'GET',
    path: '/v1/commitments',
    access: { who: 'members', roles: ['company.admin', 'company.operator', 'company.finance'], scope: 'demand:read' },
    repeat: 'none',
    summary: 'One’s commitments in all queues, each with its round and its award',
    description: 'Those in the rounds that begin last come first.',
    query: z.object(PageQuery),
    responses: { 200: pageOf(OwnCommitment) },
    problems: [],
  },
  {
    id: 'getAllOpenWork',
    function: 'overview',
    method: 'GET',
    path: '/v1/open-work',
    access: { who: 'members', roles: ['company.admin', 'company.operator', 'company.finance'], scope: 'requests:read' },
    repeat: 'none',
    summary: 'One’s open requests in all queues: by state, what is due first, how what was resolved held',
    description:
      'Of the twenty queues with one’s newest commitments, the newest 200 requests each; `looked` says how many. `GET /v1/queues/{queue}/open-work` looks further in one.',
    responses: { 200: AllOpenWork },
    problems: [],
  },
  {
    id: 'listBids',
    function: 'overview',
    method: 'GET',
    path: '/v1/bids',
    access: { who: 'members', roles: ['provider.admin', 'provider.finance'], scope: 'supply:read' },
    repeat: 'none',
    summary: 'One’s bids in all queues, each with its round and its award',
    description: 'Those in the rounds that begin last come first.',
    query: z.object(PageQuery),
    responses: { 200: pageOf(OwnBid) },
    problems: [],
  },
  {
    id: 'getChecklist',
    function: 'overview',
    method: 'GET',
    path: '/v1/organisation/checklist',
    access: { who: 'members', roles: PARTIES, scope: 'organisation:read' },
    repeat: 'none',
    summary: 'What one still lacks on the way to the first commitment, bid, invoice or payout',
    responses: { 200: Checklist },
    problems: ['not_found'],
  },
  {
    id: 'getInbox',
    function: 'overview',
    method: 'GET',
    path: '/v1/inbox',
    access: { who: 'members', roles: EVERY_ROLE, scope: 'organisation:read' },
    repeat: 'none',
    summary: 'What waits for one, by deadline',
    description:
      'Worked out from what stands when it is read, for one’s roles and the scopes of one’s key: an item is gone once it is dealt with. What has no deadline is ordered by the time since which it waits.',
    query: z.object(PageQuery),
    responses: {
      200: pageOf(InboxItem)
        .extend({
          isWhole: z.boolean().meta({
            description: 'False where there is more of a kind than the first hundred; its own list has all',
          }),
        })
        .meta({ id: 'Inbox' }),
    },
    problems: [],
  },
]);
