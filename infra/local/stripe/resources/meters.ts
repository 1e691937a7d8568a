/** Meters count events per customer: identifiers are unique for a day, events come from up to 35 days back. */
import type { Stripe } from 'stripe';
import * as z from 'zod';
import type { Context } from '../context.ts';
import { invalid, resourceMissing } from '../errors.ts';
import * as p from '../params.ts';
import { job, type Resource, route } from '../resource.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How far back and ahead an event may lie. */
const BACK_SECONDS = 35 * DAY;
const AHEAD_SECONDS = 5 * MINUTE;
const UNIQUE_SECONDS = DAY;
const CANCEL_SECONDS = DAY;
/** Stripe looks at events after it has taken them, and then reports what was wrong with them. */
const REPORT_AFTER = 10;
const SAMPLES = 5;

const create = {
  customer_mapping: p.hash({ event_payload_key: p.text.max(100), type: p.oneOf(['by_id']) }).optional(),
  default_aggregation: p.hash({ formula: p.oneOf(['count', 'last', 'sum']) }),
  display_name: p.text.max(250),
  event_name: p.text.max(100),
  event_time_window: p.oneOf(['day', 'hour']).optional(),
  value_settings: p.hash({ event_payload_key: p.text.max(100) }).optional(),
} satisfies p.ParamsOf<Stripe.Billing.MeterCreateParams>;
const event = {
  event_name: p.text.max(100),
  identifier: p.text.max(100).optional(),
  payload: z.record(z.string(), p.text),
  timestamp: p.whole.optional(),
} satisfies p.ParamsOf<Stripe.Billing.MeterEventCreateParams>;
const adjustment = {
  cancel: p.hash({ identifier: p.text.optional() }).optional(),
  event_name: p.text,
  type: p.oneOf(['cancel']),
} satisfies p.ParamsOf<Stripe.Billing.MeterEventAdjustmentCreateParams>;
const summaries = {
  ...p.page,
  customer: p.text,
  end_time: p.whole,
  start_time: p.whole,
  value_grouping_window: p.oneOf(['day', 'hour']).optional(),
} satisfies p.ParamsOf<Stripe.Billing.MeterListEventSummariesParams>;

const at = '/v1/billing/meters';

export const meters: Resource = {
  routes: [
    route('POST', at, create, (context, { params }) =>
      createMeter(context, params as Stripe.Billing.MeterCreateParams),
    ),
    route('GET', at, { ...p.page, status: p.oneOf(['active', 'inactive']).optional() }, (context, { params }) =>
      context.list('billing.meter', params, { url: at, where: { status: params.status } }),
    ),
    route('GET', `${at}/:id`, {}, (context, { ids }) => context.need('billing.meter', ids.id ?? '')),
    route('POST', `${at}/:id`, { display_name: p.text.max(250).optional() }, (context, { ids, params }) => {
      const old = context.need('billing.meter', ids.id ?? '');
      const next = context.put('billing.meter', {
        ...old,
        display_name: params.display_name ?? old.display_name,
        updated: context.now,
      });
      context.emit('billing.meter.updated', 'billing.meter', next);
      return next;
    }),
    route('POST', `${at}/:id/deactivate`, {}, (context, { ids }) => turn(context, ids.id ?? '', 'inactive')),
    route('POST', `${at}/:id/reactivate`, {}, (context, { ids }) => turn(context, ids.id ?? '', 'active')),
    route('GET', `${at}/:id/event_summaries`, summaries, (context, { ids, params }) =>
      summarise(context, context.need('billing.meter', ids.id ?? ''), params as Asked),
    ),
    route('POST', '/v1/billing/meter_events', event, (context, { params }) => takeEvent(context, params)),
    route('POST', '/v1/billing/meter_event_adjustments', adjustment, (context, { params }) => {
      const identifier = params.cancel?.identifier;
      if (identifier === undefined)
        throw invalid('Missing required param: cancel[identifier].', {
          code: 'parameter_missing',
          param: 'cancel[identifier]',
        });
      cancelEvent(context, params.event_name, identifier);
      return {
        object: 'billing.meter_event_adjustment',
        cancel: { identifier },
        event_name: params.event_name,
        livemode: false,
        status: 'pending',
        type: 'cancel',
      } satisfies Stripe.Billing.MeterEventAdjustment;
    }),
  ],
  jobs: {
    report_meter_errors: job<{ meter: string }>((context, { meter }) => reportErrors(context, meter)),
  },
};

function createMeter(context: Context, params: Stripe.Billing.MeterCreateParams): Stripe.Billing.Meter {
  const taken = context.find('billing.meter', { event_name: params.event_name, status: 'active' });
  if (taken.length > 0)
    throw invalid(`There is already an active meter with the event name ${params.event_name}.`, {
      param: 'event_name',
    });
  const meter = context.put('billing.meter', {
    id: context.newId('mtr_test_6', 36),
    object: 'billing.meter',
    created: context.now,
    customer_mapping: params.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: params.default_aggregation,
    display_name: params.display_name,
    event_name: params.event_name,
    event_time_window: params.event_time_window ?? null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: context.now,
    value_settings: params.value_settings ?? { event_payload_key: 'value' },
  } satisfies Stripe.Billing.Meter);
  context.emit('billing.meter.created', 'billing.meter', meter);
  return meter;
}

function turn(context: Context, id: string, status: 'active' | 'inactive'): Stripe.Billing.Meter {
  const old = context.need('billing.meter', id);
  if (old.status === status) throw invalid(`The meter is already ${status}.`);
  const deactivated_at = status === 'inactive' ? context.now : null;
  const next = context.put('billing.meter', {
    ...old,
    status,
    status_transitions: { deactivated_at },
    updated: context.now,
  });
  context.emit(status === 'active' ? 'billing.meter.reactivated' : 'billing.meter.deactivated', 'billing.meter', next);
  return next;
}

type Given = {
  event_name: string;
  identifier?: string | undefined;
  payload: Record<string, string>;
  timestamp?: number | undefined;
};

function takeEvent(context: Context, given: Given): Stripe.Billing.MeterEvent {
  const { event_name: name, payload, timestamp = context.now } = given;
  const identifier = given.identifier ?? context.newId('', 32);
  if (timestamp < context.now - BACK_SECONDS)
    throw invalid('The timestamp is too far in the past: it must be within the past 35 calendar days.', {
      code: 'timestamp_too_far_in_past',
      param: 'timestamp',
    });
  if (timestamp > context.now + AHEAD_SECONDS)
    throw invalid('The timestamp is too far in the future: it may be up to 5 minutes ahead.', {
      code: 'timestamp_in_future',
      param: 'timestamp',
    });
  const [meter] = context.find('billing.meter', { event_name: name, status: 'active' });
  if (meter === undefined) throw invalid(`No active meter found for event name ${name}.`, { param: 'event_name' });
  const same = context.find('billing.meter_event', { identifier });
  if (same.some((one) => one.created > context.now - UNIQUE_SECONDS))
    throw invalid(`An event already exists with identifier ${identifier}.`, {
      code: 'duplicate_meter_event',
      param: 'identifier',
    });
  const taken: Stripe.Billing.MeterEvent = {
    object: 'billing.meter_event',
    created: context.now,
    event_name: name,
    identifier,
    livemode: false,
    payload,
    timestamp,
  };
  const wrong = problemOf(context, meter, taken);
  if (wrong === undefined) return context.put('billing.meter_event', taken, context.newId('mtev_'));
  const note = {
    id: context.newId('mtev_wrong_'),
    object: 'local.note' as const,
    wrong: meter.id,
    code: wrong,
    identifier,
  };
  context.put('local.note', note);
  context.later(context.now + REPORT_AFTER, 'report_meter_errors', { meter: meter.id });
  return taken;
}

/** What Stripe finds out only after it has taken the event. */
function problemOf(
  context: Context,
  meter: Stripe.Billing.Meter,
  { payload }: Stripe.Billing.MeterEvent,
): string | undefined {
  const customer = payload[meter.customer_mapping.event_payload_key];
  if (customer === undefined) return 'meter_event_no_customer_defined';
  const found = context.get('customer', customer);
  if (found === undefined || 'deleted' in found) return 'meter_event_customer_not_found';
  if (meter.default_aggregation.formula === 'count') return undefined;
  const value = payload[meter.value_settings.event_payload_key];
  return value !== undefined && /^-?\d+(\.\d+)?$/.test(value) ? undefined : 'meter_event_invalid_value';
}

function reportErrors(context: Context, meter: string): void {
  const wrong = context.find('local.note', { wrong: meter }) as unknown as {
    id: string;
    code: string;
    identifier: string;
  }[];
  if (wrong.length === 0) return;
  for (const { id } of wrong) context.remove(id);
  const codes = [...new Set(wrong.map(({ code }) => code))];
  const data = {
    developer_message_summary: `There is ${wrong.length} invalid event. Error types: ${codes.join(', ')}.`,
    reason: {
      error_count: wrong.length,
      error_types: codes.map((code) => {
        const those = wrong.filter((one) => one.code === code);
        const samples = those
          .slice(0, SAMPLES)
          .map(({ identifier }) => ({ error_message: code.replaceAll('_', ' '), request: { identifier } }));
        return { code, error_count: those.length, sample_errors: samples };
      }),
    },
    validation_end: new Date(context.now * 1_000).toISOString(),
    validation_start: new Date((context.now - REPORT_AFTER) * 1_000).toISOString(),
  };
  const related = { id: meter, type: 'billing.meter', url: `${at}/${meter}` };
  context.emitThin('v1.billing.meter.error_report_triggered', related, { data });
}

function cancelEvent(context: Context, name: string, identifier: string): void {
  const found = context.store.all(
    "SELECT id, json_extract(body, '$.created') AS created FROM objects WHERE kind = 'billing.meter_event' AND json_extract(body, '$.identifier') = ? AND json_extract(body, '$.event_name') = ? ORDER BY seq DESC",
    identifier,
    name,
  );
  const [newest] = found;
  if (newest === undefined) throw resourceMissing('billing.meter_event', identifier, 'cancel[identifier]');
  if (Number(newest.created) < context.now - CANCEL_SECONDS)
    throw invalid('You can only cancel events within 24 hours of Stripe receiving them.', {
      param: 'cancel[identifier]',
    });
  context.remove(String(newest.id));
}

type Asked = {
  customer: string;
  start_time: number;
  end_time: number;
  value_grouping_window?: 'day' | 'hour';
  limit?: number;
  starting_after?: string;
  ending_before?: string;
};

/** One summary of the whole range, or one for each hour or day in which something happened, the newest first. */
function summarise(
  context: Context,
  meter: Stripe.Billing.Meter,
  asked: Asked,
): Stripe.ApiList<Stripe.Billing.MeterEventSummary> {
  const { start_time: start, end_time: end, value_grouping_window: grouping } = asked;
  context.need('customer', asked.customer, 'customer');
  const step = grouping === undefined ? MINUTE : grouping === 'hour' ? HOUR : DAY;
  for (const [param, time] of [
    ['start_time', start],
    ['end_time', end],
  ] as const)
    if (time % step !== 0)
      throw invalid(`${param} must be aligned with ${grouping ?? 'minute'} boundaries.`, { param });
  if (end <= start) throw invalid('end_time must be after start_time.', { param: 'end_time' });
  const events = eventsOf(context, meter, asked);
  const width = grouping === undefined ? end - start : step;
  const groups = new Map<number, Stripe.Billing.MeterEvent[]>(grouping === undefined ? [[start, []]] : []);
  for (const one of events) {
    const from = start + Math.floor((one.timestamp - start) / width) * width;
    groups.set(from, [...(groups.get(from) ?? []), one]);
  }
  const all = [...groups]
    .sort(([a], [b]) => b - a)
    .map(([from, those]) => summaryOf(meter, asked.customer, from, from + width, those));
  const from = asked.starting_after === undefined ? 0 : all.findIndex(({ id }) => id === asked.starting_after) + 1;
  const limit = asked.limit ?? 10;
  return {
    object: 'list',
    data: all.slice(from, from + limit),
    has_more: all.length > from + limit,
    url: `${at}/${meter.id}/event_summaries`,
  };
}

function eventsOf(context: Context, meter: Stripe.Billing.Meter, asked: Asked): Stripe.Billing.MeterEvent[] {
  const key = `payload.${meter.customer_mapping.event_payload_key}`;
  if (key !== 'payload.stripe_customer_id')
    return context
      .find('billing.meter_event', { event_name: meter.event_name, [key]: asked.customer })
      .filter(({ timestamp }) => timestamp >= asked.start_time && timestamp < asked.end_time);
  // As the index `meter_events_of` has it, which leads to those of the time alone; and sorted here, for they are few.
  const rows = context.store.all(
    `SELECT seq, body FROM objects WHERE kind = 'billing.meter_event' AND account = ?
      AND json_extract(keys, '$."payload.stripe_customer_id"') = ?
      AND json_extract(body, '$.timestamp') >= ? AND json_extract(body, '$.timestamp') < ?`,
    context.account,
    asked.customer,
    asked.start_time,
    asked.end_time,
  );
  return rows
    .sort((a, b) => Number(a.seq) - Number(b.seq))
    .map(({ body }): Stripe.Billing.MeterEvent => JSON.parse(String(body)))
    .filter(({ event_name: name }) => name === meter.event_name);
}

function summaryOf(
  meter: Stripe.Billing.Meter,
  customer: string,
  start: number,
  end: number,
  events: readonly Stripe.Billing.MeterEvent[],
): Stripe.Billing.MeterEventSummary {
  const values = events.map(({ payload }) => Number(payload[meter.value_settings.event_payload_key] ?? 1));
  const { formula } = meter.default_aggregation;
  const value =
    formula === 'count' ? values.length : formula === 'last' ? (values.at(-1) ?? 0) : values.reduce((a, b) => a + b, 0);
  return {
    id: `mtrusg_test_${meter.id.slice(-8)}${customer.slice(-6)}${start}${end}`,
    object: 'billing.meter_event_summary',
    aggregated_value: value,
    end_time: end,
    livemode: false,
    meter: meter.id,
    start_time: start,
  };
}
