/** Whoever sends or works requests says how: hours, capacity, budget, absence; and sees its own work. */
import * as z from 'zod';
import { BudgetInput, BudgetView } from '../../budget/budget.ts';
import { CompanyHours, OpeningHours } from '../../calendar/calendar.ts';
import { AvailabilityInput, AvailabilityView } from '../../dispatch/availability.ts';
import { OrganisationId, QueueId } from '../../kernel/id.ts';
import { LaneView, OpenWork } from '../../operations/operations.ts';
import { defineRoutes } from '../route.ts';

const WORK = { who: 'members', roles: ['provider.admin', 'provider.agent'], scope: 'work:write' } as const;
const WORK_READ = { who: 'members', roles: ['provider.admin', 'provider.agent'], scope: 'work:read' } as const;
const SUPPLY = { who: 'members', roles: ['provider.admin'], scope: 'supply:write' } as const;
const DEMAND = { who: 'members', roles: ['company.admin'], scope: 'demand:write' } as const;
const DEMAND_READ = {
  who: 'members',
  roles: ['company.admin', 'company.operator', 'company.finance'],
  scope: 'demand:read',
} as const;
const BUDGET = { who: 'members', roles: ['company.admin', 'company.finance'], scope: 'finance:write' } as const;
const BUDGET_READ = { who: 'members', roles: ['company.admin', 'company.finance'], scope: 'finance:read' } as const;
const FOLLOW = {
  who: 'members',
  roles: ['company.admin', 'company.operator', 'company.finance'],
  scope: 'requests:read',
} as const;

const QueueParams = z.object({ queue: QueueId });
const OneCalendar = z.object({
  queue: QueueId.optional().meta({ description: 'Left out: for all queues without hours of their own' }),
});
const Who = z
  .strictObject({
    agent: z.string().min(1).max(200).optional().meta({
      description:
        'The user or key that goes; `me` is the caller. Left out: the whole provider, which only its admin may',
    }),
  })
  .meta({ id: 'WhoIsOnline' });

export const dispatchRoutes = defineRoutes([
  {
    id: 'getAvailability',
    function: 'dispatch',
    method: 'GET',
    path: '/v1/availability',
    access: WORK_READ,
    repeat: 'none',
    summary: 'One’s hours and capacities, and who is offline',
    responses: { 200: AvailabilityView },
    problems: [],
  },
  {
    id: 'putAvailability',
    function: 'dispatch',
    method: 'PUT',
    path: '/v1/availability',
    access: SUPPLY,
    repeat: 'natural',
    summary: 'State hours and capacities, by queue, by channel, and for everything else',
    description:
      'Weekly hours in an IANA time zone with exceptions, and how many requests are held at once. Outside its hours a provider is not present: claims find nothing and say why, overflow and lane changes go to others where it does not open before the deadline.',
    body: AvailabilityInput,
    responses: { 200: AvailabilityView },
    problems: [],
  },
  {
    id: 'goOffline',
    function: 'dispatch',
    method: 'POST',
    path: '/v1/offline',
    access: WORK,
    repeat: 'natural',
    summary: 'Go offline: no more claims, what is held is handed back, ready work moves on',
    description:
      'Without any mark for the provider. `complete: false` asks for the same call again, for those who hold thousands.',
    body: z
      .strictObject({
        ...Who.shape,
        held: z
          .enum(['return', 'keep'])
          .default('return')
          .meta({ description: 'Whether what is held is handed back, or still finished' }),
      })
      .meta({ id: 'OfflineInput' }),
    responses: { 200: z.object({ returned: z.int(), complete: z.boolean() }).meta({ id: 'WentOffline' }) },
    problems: [],
  },
  {
    id: 'comeOnline',
    function: 'dispatch',
    method: 'POST',
    path: '/v1/online',
    access: WORK,
    repeat: 'natural',
    summary: 'Come back online',
    body: Who,
    responses: { 200: AvailabilityView },
    problems: [],
  },
  {
    id: 'listLanes',
    function: 'dispatch',
    method: 'GET',
    path: '/v1/lanes',
    access: WORK_READ,
    repeat: 'none',
    summary: 'One’s own lanes: what waits in them, how long, and what was missed',
    responses: { 200: z.object({ items: z.array(LaneView) }) },
    problems: [],
  },
  {
    id: 'getBudget',
    function: 'dispatch',
    method: 'GET',
    path: '/v1/budget',
    access: BUDGET_READ,
    repeat: 'none',
    summary: 'One’s monthly caps: used, left, held back, alerts',
    responses: { 200: z.object({ items: z.array(BudgetView) }) },
    problems: [],
  },
  {
    id: 'putBudget',
    function: 'dispatch',
    method: 'PUT',
    path: '/v1/budget',
    access: BUDGET,
    repeat: 'natural',
    summary: 'Set, change or lift a hard monthly cap in one currency',
    description:
      'It counts at once, from the next request on, at the highest price a request can get; months are UTC. A raised cap lets ready what was held back, in order of acceptance.',
    body: BudgetInput,
    responses: { 200: z.object({ items: z.array(BudgetView) }) },
    problems: ['still_running'],
  },
  {
    id: 'getCalendar',
    function: 'dispatch',
    method: 'GET',
    path: '/v1/calendar',
    access: DEMAND_READ,
    repeat: 'none',
    summary: 'One’s working hours, by which deadlines are counted',
    responses: { 200: z.object({ items: z.array(CompanyHours) }) },
    problems: [],
  },
  {
    id: 'putCalendar',
    function: 'dispatch',
    method: 'PUT',
    path: '/v1/calendar',
    access: DEMAND,
    repeat: 'natural',
    summary: 'State working hours for all queues or one',
    description: 'Deadlines of requests accepted or reopened from then on are counted in them; they only get later.',
    query: OneCalendar,
    body: OpeningHours,
    responses: { 200: CompanyHours },
    problems: ['not_found'],
  },
  {
    id: 'deleteCalendar',
    function: 'dispatch',
    method: 'DELETE',
    path: '/v1/calendar',
    access: DEMAND,
    repeat: 'natural',
    summary: 'Take working hours back: plain hours count again',
    query: OneCalendar,
    responses: { 204: null },
    problems: [],
  },
  {
    id: 'listWithdrawals',
    function: 'dispatch',
    method: 'GET',
    path: '/v1/withdrawals',
    access: DEMAND_READ,
    repeat: 'none',
    summary: 'Providers that one has taken off one’s requests',
    responses: { 200: z.object({ items: z.array(z.object({ queue: QueueId, provider: OrganisationId })) }) },
    problems: [],
  },
  {
    id: 'allowProvider',
    function: 'dispatch',
    method: 'DELETE',
    path: '/v1/queues/{queue}/withdrawals/{provider}',
    access: DEMAND,
    repeat: 'natural',
    summary: 'Let a provider work one’s requests of a queue again',
    params: z.object({ queue: QueueId, provider: OrganisationId }),
    responses: { 204: null },
    problems: [],
  },
  {
    id: 'getOpenWork',
    function: 'dispatch',
    method: 'GET',
    path: '/v1/queues/{queue}/open-work',
    access: FOLLOW,
    repeat: 'none',
    summary: 'One’s own open requests of a queue: by state, and what is past its deadline',
    params: QueueParams,
    responses: { 200: OpenWork },
    problems: [],
  },
]);
