/** Records and audits: what is measured of providers and companies, and the samples that are looked at. */
import * as z from 'zod';
import { LeaseId } from '../../dispatch/lease.ts';
import { OrganisationId, QueueId } from '../../kernel/id.ts';
import { OwnReputation, Reputation } from '../../reputation/reputation.ts';
import { AuditResult, AuditSample } from '../../resolution/audit.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { Period } from './finance.ts';

const PARTIES = [
  'company.admin',
  'company.operator',
  'company.finance',
  'provider.admin',
  'provider.agent',
  'provider.finance',
] as const;

export const reputationRoutes = defineRoutes([
  {
    id: 'getOwnReputation',
    function: 'market',
    method: 'GET',
    path: '/v1/reputation',
    access: { who: 'members', roles: PARTIES, scope: 'organisation:read' },
    repeat: 'none',
    summary: 'One’s own record: quality and how it is worked out, round by round',
    responses: { 200: OwnReputation },
    problems: ['not_found'],
  },
  {
    id: 'getReputation',
    function: 'market',
    method: 'GET',
    path: '/v1/organisations/{organisation}/reputation',
    access: {
      who: 'members',
      roles: [...PARTIES, 'market.operator', 'market.finance'],
      scope: 'organisation:read',
    },
    repeat: 'none',
    summary: 'A provider’s measured quality, or how often a company rejects what was resolved',
    params: z.object({ organisation: OrganisationId }),
    responses: {
      200: Reputation.extend({
        name: z.string().nullable().meta({ description: 'Providers: as registered. Companies’ names are not told' }),
      }).meta({ id: 'PartyReputation' }),
    },
    problems: [],
  },
  {
    id: 'listAuditSamples',
    function: 'operator',
    method: 'GET',
    path: '/v1/operator/audit-samples',
    access: { who: 'members', roles: ['market.operator'], scope: 'market:read' },
    repeat: 'none',
    summary: 'Resolutions on which the customer stayed silent, drawn at random, of one queue and month',
    query: z.object({ queue: QueueId, month: Period.optional(), ...PageQuery }),
    responses: { 200: pageOf(AuditSample) },
    problems: [],
  },
  {
    id: 'recordAudit',
    function: 'operator',
    method: 'POST',
    path: '/v1/operator/audit-samples/{lease}/result',
    access: { who: 'members', roles: ['market.operator'], scope: 'market:write' },
    repeat: 'natural',
    summary: 'Write down what one found on looking at a sample',
    description:
      'Once: the same result again answers the same, another one is refused. It counts in the provider’s quality at once.',
    params: z.object({ lease: LeaseId }),
    body: AuditResult,
    responses: { 200: AuditSample },
    problems: ['audit_decided'],
  },
]);
