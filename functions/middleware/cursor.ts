/**
 * Opaque cursors of lists. A cursor is signed together with the list it belongs to: route, tenant and filters; for any
 * other list it is no cursor.
 */
import * as z from 'zod';
import { canonicalJson } from '../../shared/kernel/hash.ts';
import { sign, unsign } from '../../shared/kernel/sign.ts';
import type { Context } from './context.ts';
import { type FieldRefusal, refuseFields } from './fields.ts';

/** The cursor of the page after `after` (plain JSON: text or a table's key); null where there is no further page. */
export async function cursorOf(context: Context, after: unknown): Promise<string | null> {
  if (after === undefined || after === null) return null;
  return sign(context.runtime.signingKey, listOf(context), after);
}

/** Where a page of a table's list begins. */
export const TableKey = z.object({ pk: z.string(), sk: z.string() }).loose();

const PlainText = z.string();

/** Where a page begins: undefined without a cursor. Refuses with `invalid_request` what was not signed for this list. */
export async function afterOf(
  context: Context,
  cursor: string | undefined,
): Promise<{ ok: true; value: string | undefined } | FieldRefusal> {
  const read = await pageKeyOf(context, cursor, PlainText);
  return read;
}

/** As `afterOf`, for cursors that hold more than text; `schema` is what was given to `cursorOf`. */
export async function pageKeyOf<S extends z.ZodType>(
  context: Context,
  cursor: string | undefined,
  schema: S,
): Promise<{ ok: true; value: z.output<S> | undefined } | FieldRefusal> {
  if (cursor === undefined) return { ok: true, value: undefined };
  const parsed = schema.safeParse(await unsign(context.runtime.signingKey, listOf(context), cursor));
  if (parsed.success) return { ok: true, value: parsed.data };
  return refuseFields([
    {
      field: 'cursor',
      message: "must be the 'next' of the page before, of the same list: leave it out to begin again",
    },
  ]);
}

function listOf(context: Context): string {
  const { actor, route, parameters } = context;
  const tenant = actor.kind === 'member' || actor.kind === 'customer' ? actor.tenant : '';
  const { cursor: _cursor, limit: _limit, ...filters } = parameters.query as Record<string, unknown>;
  return `cursor ${route.id} ${tenant} ${canonicalJson([parameters.params, filters])}`;
}
