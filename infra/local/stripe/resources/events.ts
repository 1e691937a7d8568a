/** Events as they can be asked for: snapshots (`/v1/events`) and thin ones (`/v2/core/events`). */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, resourceMissing } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import type { Condition } from '../store.ts';

const DAY = 86_400;
const KEPT_SECONDS = 30 * DAY;
const types = p.listOf(p.text).max(20).optional();

const listV1 = {
  ...p.page,
  created: p.created,
  delivery_success: p.flag.optional(),
  type: p.text.optional(),
  types,
} satisfies p.ParamsOf<Stripe.EventListParams>;

const listV2 = {
  ...p.v2Page,
  created: p.v2Created,
  object_id: p.text.optional(),
  types,
} satisfies p.ParamsOf<Stripe.V2.Core.EventListParams & { page?: string }>;

export const events: Resource = {
  routes: [
    route('GET', '/v1/events', listV1, (context, { params }) => {
      const { type, types: among, delivery_success: isDelivered } = params;
      if (type !== undefined && among !== undefined)
        throw invalid('You may pass either type or types, not both.', { param: 'type' });
      return context.as('').list('event', params, {
        url: '/v1/events',
        where: { account: context.account === '' ? null : context.account },
        also: all([
          kept(context.now - KEPT_SECONDS),
          ofTypes(among ?? (type === undefined ? undefined : [type])),
          delivered(isDelivered),
        ]),
      });
    }),
    route('GET', '/v1/events/:id', {}, (context, { ids }) => {
      const event = context.as('').need('event', ids.id ?? '');
      const isTheirs = (event.account ?? '') === context.account;
      if (!isTheirs || event.created < context.now - KEPT_SECONDS) throw resourceMissing('event', event.id);
      return event;
    }),
    route('GET', '/v2/core/events', listV2, (context, { params }) => {
      const since = new Date((context.now - KEPT_SECONDS) * 1_000).toISOString();
      return context.as('').listV2('v2.core.event', params, {
        url: '/v2/core/events',
        where: { 'related_object.id': params.object_id },
        also: all([kept(since), ofTypes(params.types)]),
        query: queryOf(params),
      });
    }),
    route('GET', '/v2/core/events/:id', {}, (context, { ids }) => context.as('').need('v2.core.event', ids.id ?? '')),
  ],
  views: {
    event: (context, event) => ({ ...event, pending_webhooks: pending(context, event.id) }),
  },
};

/** What a thin destination gets of an event: no data, only where to ask. */
export function thinOf(event: Stripe.V2.Core.Event): object {
  return Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'data' && key !== 'changes'));
}

const pending = (context: Context, event: string): number =>
  Number(context.store.one("SELECT count(*) AS n FROM deliveries WHERE event = ? AND state <> 'delivered'", event)?.n);

/** Types by name, or groups such as `invoice.*`. */
function ofTypes(wanted: readonly string[] | undefined): Condition | undefined {
  if (wanted === undefined) return undefined;
  const sql = "EXISTS (SELECT 1 FROM json_each(?) WHERE json_extract(objects.keys, '$.type') GLOB value)";
  return { sql, values: [JSON.stringify(wanted)] };
}

function delivered(isDelivered: boolean | undefined): Condition | undefined {
  if (isDelivered === undefined) return undefined;
  const open =
    "(SELECT found.seq FROM deliveries JOIN objects AS found ON found.id = deliveries.event WHERE deliveries.state <> 'delivered')";
  return { sql: `objects.seq ${isDelivered ? 'NOT IN' : 'IN'} ${open}`, values: [] };
}

/** Not by the index, as the sign says: nearly all are of that age, and the newest are wanted first. */
const kept = (since: number | string): Condition => ({
  sql: "+json_extract(objects.keys, '$.created') >= ?",
  values: [since],
});

function all(conditions: readonly (Condition | undefined)[]): Condition {
  const some = conditions.filter((one) => one !== undefined);
  return { sql: some.map(({ sql }) => sql).join(' AND '), values: some.flatMap(({ values }) => values) };
}

function queryOf({
  created,
  object_id: object,
  types: among,
}: {
  created?: object;
  object_id?: string;
  types?: string[];
}) {
  const query: Record<string, string> = {};
  for (const [edge, at] of Object.entries(created ?? {})) query[`created[${edge}]`] = String(at);
  for (const [place, type] of (among ?? []).entries()) query[`types[${place}]`] = type;
  if (object !== undefined) query.object_id = object;
  return query;
}
