/** A company's playbook for a queue, and how an agent sees it. */
import * as z from 'zod';
import { QueueId } from '../../kernel/id.ts';
import { AgentPlaybook, Playbook, PlaybookInput } from '../../playbook/playbook.ts';
import { RequestId } from '../../request/request.ts';
import { defineRoutes } from '../route.ts';
import { FOLLOW, SEND } from './company.ts';
import { LeaseParams, WORK_READ } from './provider.ts';

const QueueParams = z.object({ queue: QueueId });
const Seen = z.object({ category: z.string(), text: z.string(), fields: z.record(z.string(), z.string()) });

export const playbookRoutes = defineRoutes([
  {
    id: 'putPlaybook',
    function: 'thread',
    method: 'PUT',
    path: '/v1/queues/{queue}/playbook',
    access: SEND,
    repeat: 'natural',
    summary: 'Say how requests of a queue are to be answered, and what providers see of them',
    description:
      'Each change is a new version; the same content again is the version that stands. It applies to turns claimed from then on, at the latest five seconds later.',
    params: QueueParams,
    body: PlaybookInput,
    responses: { 200: Playbook },
    problems: ['playbook_changed'],
  },
  {
    id: 'getPlaybook',
    function: 'thread',
    method: 'GET',
    path: '/v1/queues/{queue}/playbook',
    access: FOLLOW,
    repeat: 'none',
    summary: 'One’s playbook for a queue, as it stands or in an earlier version',
    params: QueueParams,
    query: z.object({ version: z.coerce.number().int().min(1).optional() }),
    responses: { 200: Playbook },
    problems: [],
  },
  {
    id: 'previewPlaybook',
    function: 'thread',
    method: 'GET',
    path: '/v1/queues/{queue}/playbook/preview',
    access: FOLLOW,
    repeat: 'none',
    summary: 'The playbook as the agent sees it, and a request of one’s own as it is shown by it',
    params: QueueParams,
    query: z.object({
      request: RequestId.optional().meta({ description: 'A request of this queue, to see what is shown of it' }),
    }),
    responses: {
      200: z.object({ playbook: AgentPlaybook, request: Seen.nullable() }).meta({ id: 'PlaybookPreview' }),
    },
    problems: [],
  },
  {
    id: 'getTurnPlaybook',
    tool: 'read_playbook',
    function: 'thread',
    method: 'GET',
    path: '/v1/leases/{lease}/playbook',
    access: WORK_READ,
    repeat: 'none',
    summary: 'The playbook that applies to one’s turn',
    description: 'The version that stood when the turn was claimed. 404 where the company has none.',
    params: LeaseParams,
    responses: { 200: AgentPlaybook },
    problems: ['window_passed'],
  },
]);
