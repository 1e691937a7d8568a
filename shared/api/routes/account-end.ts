/** The end of a company's account, by two of the market's people. */
import * as z from 'zod';
import { AccountEnd, AccountEndInput } from '../../account-end/account-end.ts';
import { OrganisationId } from '../../kernel/id.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const READ = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const WRITE = { who: 'members', roles: ['market.finance'], scope: 'finance:write', byPeople: true } as const;
const params = z.object({ organisation: OrganisationId });
const responses = { 200: AccountEnd };

export const accountEndRoutes = defineRoutes([
  {
    id: 'listAccountEnds',
    function: 'money',
    method: 'GET',
    path: '/v1/account-ends',
    access: READ,
    repeat: 'none',
    summary: 'Ends of accounts that were asked for, newest first',
    query: z.object(PageQuery),
    responses: { 200: pageOf(AccountEnd) },
    problems: [],
  },
  {
    id: 'askAccountEnd',
    function: 'money',
    method: 'POST',
    path: '/v1/organisations/{organisation}/account-end',
    access: WRITE,
    repeat: 'natural',
    summary: 'Ask to end a company’s account',
    description:
      'When another person has approved it the company is suspended. What is unbilled is billed and collected, credit is given back on its newest invoices and paid out by a refund that a second person releases.',
    params,
    body: AccountEndInput,
    responses,
    problems: [],
  },
  {
    id: 'getAccountEnd',
    function: 'money',
    method: 'GET',
    path: '/v1/organisations/{organisation}/account-end',
    access: READ,
    repeat: 'none',
    summary: 'How far the end of a company’s account is, and what it waits for',
    params,
    responses,
    problems: [],
  },
  {
    id: 'approveAccountEnd',
    function: 'money',
    method: 'POST',
    path: '/v1/organisations/{organisation}/account-end/approve',
    access: WRITE,
    repeat: 'natural',
    summary: 'Approve the end of a company’s account, as another person than who asked for it',
    params,
    responses,
    problems: ['second_person_needed', 'account_end_decided'],
  },
  {
    id: 'withdrawAccountEnd',
    function: 'money',
    method: 'POST',
    path: '/v1/organisations/{organisation}/account-end/withdraw',
    access: WRITE,
    repeat: 'natural',
    summary: 'Take back the end of an account that nobody has approved',
    params,
    responses,
    problems: ['account_end_decided'],
  },
]);
