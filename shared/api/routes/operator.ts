/** The market's operator: queues, terms, approvals, rounds. */
import * as z from 'zod';
import { OrganisationId, QueueId } from '../../kernel/id.ts';
import { FileChunk, SealedFile } from '../../market/round-file/round-file.ts';
import { ApprovalInput, Organisation } from '../../organisation/organisation.ts';
import { Queue, QueueInput } from '../../queue/queue.ts';
import { RoundRelease } from '../../round/release.ts';
import { RoundReport } from '../../round/report.ts';
import { Flag, FlagId, FlagReview, FlagState } from '../../screen/screen.ts';
import { Terms } from '../../terms/terms.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { QueueRoundParams } from './market.ts';

const OPERATE = { who: 'members', roles: ['market.operator'], scope: 'market:write' } as const;
const AUDIT = { who: 'members', roles: ['market.operator'], scope: 'market:read' } as const;
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
    id: 'listReleases',
    function: 'operator',
    method: 'GET',
    path: '/v1/operator/releases',
    access: WATCH,
    repeat: 'none',
    summary: 'Cleared rounds whose awards wait for a second person, those that begin first before the others',
    query: z.object(PageQuery),
    responses: { 200: pageOf(RoundRelease) },
    problems: [],
  },
  {
    id: 'releaseAwards',
    function: 'operator',
    method: 'POST',
    path: '/v1/operator/queues/{queue}/rounds/{round}/release',
    access: { ...OPERATE, byPeople: true },
    repeat: 'natural',
    summary: 'Propose the release of a round’s awards, or release what another operator proposed',
    description:
      'Where the awards are worth more than `secondPersonAboveMicros` of the terms, the round begins only when two different people have made this call; an API key is no person. Released late, it begins at once.',
    params: QueueRoundParams,
    responses: { 200: RoundRelease },
    problems: ['round_not_cleared', 'no_release_needed', 'second_person_needed', 'still_running'],
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
  {
    id: 'listFlags',
    function: 'operator',
    method: 'GET',
    path: '/v1/operator/flags',
    access: { ...WATCH, roles: ['market.operator'] },
    repeat: 'none',
    summary: 'What the screens for collusion found, newest first',
    description:
      'The rules are at `GET /v1/screens`. A flag asks a person to look; it changes no award. Filtered by queue, a page may hold fewer flags than its limit while `next` leads on.',
    query: z.object({ state: FlagState.default('open'), queue: QueueId.optional(), ...PageQuery }),
    responses: { 200: pageOf(Flag) },
    problems: [],
  },
  {
    id: 'reviewFlag',
    function: 'operator',
    method: 'POST',
    path: '/v1/operator/flags/{flag}/review',
    access: OPERATE,
    repeat: 'natural',
    summary: 'Write down what one found on looking at a flag',
    description: 'Once: the same review again answers the same, another one is refused with who wrote the first.',
    params: z.object({ flag: FlagId }),
    body: FlagReview,
    responses: { 200: Flag },
    problems: ['flag_reviewed'],
  },
  {
    id: 'getSealedFile',
    function: 'operator',
    method: 'GET',
    path: '/v1/queues/{queue}/rounds/{round}/sealed-file',
    access: AUDIT,
    repeat: 'none',
    summary: 'All inputs, results and the proof of a cleared round, for the auditor',
    description: 'Refused until the round is cleared, after its hard close. Every reading stands in the log.',
    params: QueueRoundParams,
    query: z.object({ chunk: z.coerce.number().int().min(1).max(10_000).optional() }),
    responses: { 200: z.union([SealedFile, FileChunk]) },
    problems: ['round_not_cleared', 'file_in_parts'],
  },
]);
