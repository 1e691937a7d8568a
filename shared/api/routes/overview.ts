/** What an organisation has in all queues at once. */
import * as z from 'zod';
import { OwnBid, OwnCommitment } from '../../award/own-list.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

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
]);
