/** The market's operator: queues, terms, approvals, rounds. */
import * as z from 'zod';
import { OrganisationId, QueueId } from '../../kernel/id.ts';
import { ApprovalInput, Organisation } from '../../organisation/organisation.ts';
import { Queue, QueueInput } from '../../queue/queue.ts';
import { RoundReport } from '../../round/report.ts';
import { Terms } from '../../terms/terms.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { QueueRoundParams } from './market.ts';

const OPERATE = { who: 'members', roles: ['market.operator'], scope: 'market:write' } as const;
const WATCH = { who: 'members', roles: ['market.operator', 'market.finance'], scope: 'market:read' } as const;

export const operatorRoutes = defineRoutes([
  {
    id: 'createQueue',
    function: 'operator',
    method: 'POST',
    path: '/v1/queues',
    access: OPERATE,
    repeat: 'natural',
    summary: 'Open a queue with its first terms and round',
    body: QueueInput,
    responses: { 201: Queue, 200: Queue },
    problems: ['queue_exists'],
  },
  {
    id: 'publishTerms',
    function: 'operator',
    method: 'POST',
    path: '/v1/queues/{queue}/terms',
    access: OPERATE,
    repeat: 'key',
    summary: 'Publish new terms; they hold from the round after the one that is open',
    params: z.object({ queue: QueueId }),
    body: Terms,
    responses: { 201: z.object({ queue: QueueId, version: z.int() }) },
    problems: [],
  },
  {
    id: 'listOrganisations',
    function: 'operator',
    method: 'GET',
    path: '/v1/organisations',
    access: WATCH,
    repeat: 'none',
    summary: 'Companies or providers',
    query: z.object({ kind: z.enum(['company', 'provider']), ...PageQuery }),
    responses: { 200: pageOf(Organisation) },
    problems: [],
  },
  {
    id: 'approveOrganisation',
    function: 'operator',
    method: 'POST',
    path: '/v1/organisations/{organisation}/approve',
    access: OPERATE,
    repeat: 'natural',
    summary: 'Approve an organisation for money',
    params: z.object({ organisation: OrganisationId }),
    body: ApprovalInput,
    responses: { 200: Organisation },
    problems: [],
  },
  {
    id: 'suspendOrganisation',
    function: 'operator',
    method: 'POST',
    path: '/v1/organisations/{organisation}/suspend',
    access: OPERATE,
    repeat: 'natural',
    summary: 'Suspend an organisation',
    params: z.object({ organisation: OrganisationId }),
    responses: { 200: Organisation },
    problems: [],
  },
  {
    id: 'getRoundReport',
    function: 'operator',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/report',
    access: WATCH,
    repeat: 'none',
    summary: 'What became of a round’s requests and money',
    description: 'Whole once the round is closed; before, it counts the companies whose requests are all final.',
    params: QueueRoundParams,
    responses: { 200: RoundReport },
    problems: ['round_not_cleared'],
  },
]);
