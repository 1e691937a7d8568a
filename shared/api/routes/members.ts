/** Who belongs to an organisation: roles, leaving, invitations that are still open. */
import * as z from 'zod';
import { Role } from '../../identity/identity.ts';
import { InvitationId, OpenInvitation, OrganisationMember } from '../../organisation/organisation.ts';
import { defineRoutes } from '../route.ts';
import { ADMINS } from './market.ts';

const MANAGE = { who: 'members', roles: ADMINS, scope: 'organisation:write' } as const;
const READ = { who: 'members', roles: ADMINS, scope: 'organisation:read' } as const;
const MemberParams = z.object({ user: z.string().min(1).max(200) });

export const memberRoutes = defineRoutes([
  {
    id: 'changeMember',
    function: 'market',
    method: 'PUT',
    path: '/v1/members/{user}',
    access: MANAGE,
    repeat: 'natural',
    summary: 'Give a member other roles; they hold within five seconds',
    description: 'An organisation keeps at least one admin.',
    params: MemberParams,
    body: z.strictObject({ roles: z.array(Role).min(1).max(3) }).meta({ id: 'MemberRoles' }),
    responses: { 200: OrganisationMember },
    problems: ['invalid_request', 'last_admin', 'still_running'],
  },
  {
    id: 'removeMember',
    function: 'market',
    method: 'DELETE',
    path: '/v1/members/{user}',
    access: MANAGE,
    repeat: 'natural',
    summary: 'Take a person out of the organisation, within five seconds',
    description: 'API keys stay, whoever made them. An organisation keeps at least one admin.',
    params: MemberParams,
    responses: { 204: null },
    problems: ['last_admin', 'still_running'],
  },
  {
    id: 'listOpenInvitations',
    function: 'market',
    method: 'GET',
    path: '/v1/open-invitations',
    access: READ,
    repeat: 'none',
    summary: 'Invitations that can still be accepted, those that end first in front',
    responses: { 200: z.object({ items: z.array(OpenInvitation) }) },
    problems: [],
  },
  {
    id: 'withdrawInvitation',
    function: 'market',
    method: 'DELETE',
    path: '/v1/open-invitations/{invitation}',
    access: MANAGE,
    repeat: 'natural',
    summary: 'Take an invitation back: its link opens nothing any more',
    params: z.object({ invitation: InvitationId }),
    responses: { 204: null },
    problems: ['invitation_used'],
  },
]);
