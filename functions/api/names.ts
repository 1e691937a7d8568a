/** Names for ids. */

import { readNames } from '../../shared/organisation/names.store.ts';
import { idsIn } from '../../shared/organisation/names.ts';
import type { Handler } from '../middleware/context.ts';

export const getNames: Handler<'getNames'> = async ({ tables, actor }, { query }) => ({
  status: 200,
  body: await readNames(tables, actor.tenant, {
    people: idsIn(query.people),
    organisations: idsIn(query.organisations),
  }),
});
