/** Names for ids, many at once. */
import { Names, NamesQuery } from '../../organisation/names.ts';
import { defineRoutes } from '../route.ts';
import { EVERY_ROLE } from './market.ts';

export const nameRoutes = defineRoutes([
  {
    id: 'getNames',
    function: 'market',
    method: 'GET',
    path: '/v1/names',
    access: { who: 'members', roles: EVERY_ROLE, scope: 'organisation:read' },
    repeat: 'none',
    summary: 'What people of one’s own organisation, its API keys, and organisations are called',
    description:
      'Of another organisation’s people nothing is told. Providers’ names are told to all, a company’s to itself and to the market.',
    query: NamesQuery,
    responses: { 200: Names },
    problems: [],
  },
]);
