/** The demand of the demo market: six companies, four queues, drawn from a seed so that an interrupted fill goes on. */
import { DAY, MINUTE, nextPeriodStart, SECOND } from '../../../shared/kernel/time.ts';
import type { ServiceClass } from '../../../shared/service-class/service-class.ts';
import { type Arrival, type Demand, inOrderOfTime, queueOf } from '../actors/arrival.ts';
import { type Draw, pick } from '../actors/draw.ts';

type DemoQueue = { serviceClass: ServiceClass; texts: readonly string[] };

const inEnglish = { language: 'en-US', region: 'US', slaTier: 'standard' } as const;
const QUEUES: readonly DemoQueue[] = [
  {
    serviceClass: { category: 'Billing', channel: 'Web', ...inEnglish },
    texts: ['I was charged twice this month.', 'Why did my bill go up?', 'Please send the invoice again.'],
  },
  {
    serviceClass: { category: 'Delivery', channel: 'Web', ...inEnglish },
    texts: ['My parcel has not arrived.', 'The wrong item was delivered.', 'Can I change the address?'],
  },
  {
    serviceClass: { category: 'Account access', channel: 'Chat', ...inEnglish },
    texts: ['I cannot sign in.', 'The code never arrives.', 'My account is locked.'],
  },
  {
    serviceClass: { category: 'Billing', channel: 'Phone', ...inEnglish },
    texts: ['Called about a late fee.', 'Wants to pay in instalments.', 'Asks about the closing date.'],
  },
];

/** Companies with the queues they send to and how many requests a month they have there, about. */
const COMPANIES: readonly { name: string; monthly: readonly number[] }[] = [
  { name: 'Brightwell Energy', monthly: [16, 0, 6, 12] },
  { name: 'Acorn Outfitters', monthly: [4, 18, 6, 0] },
  { name: 'Meridian Telecom', monthly: [14, 0, 12, 8] },
  { name: 'Tidewater Books', monthly: [0, 9, 4, 0] },
  { name: 'Foxglove Pharmacy', monthly: [6, 10, 0, 5] },
  { name: 'Cobalt Bank', monthly: [8, 5, 10, 6] },
];
export const DEMO_COMPANIES = COMPANIES.map(({ name }) => name);
const COMES_BACK = 0.12;

/** The demo's demand from the month that begins at `begins` until `until`, in order of time. */
export function demoDemand(draw: Draw, begins: number, until: number): Demand {
  const classes: Demand['classes'] = new Map();
  for (const { serviceClass } of QUEUES) queueOf(classes, serviceClass);
  const arrivals: Arrival[] = [];
  for (let month = begins; month < until; month = nextPeriodStart(month, 'month'))
    arrivals.push(...monthOfDemand(draw, month).filter(({ at }) => at < until));
  return { arrivals: arrivals.sort(inOrderOfTime), classes };
}

export function monthOfDemand(draw: Draw, month: number): Arrival[] {
  const days = Math.round((nextPeriodStart(month, 'month') - month) / DAY);
  const arrivals: Arrival[] = [];
  for (const { name, monthly } of COMPANIES)
    for (const [q, mean] of monthly.entries()) {
      const count = mean === 0 ? 0 : Math.max(1, Math.round(mean * draw.between(0.7, 1.3, 'count', name, q, month)));
      for (let i = 0; i < count; i++) {
        const names = [name, q, month, i] as const;
        const day = draw.whole(0, days - 1, 'day', ...names);
        const at = month + day * DAY + draw.whole(8 * 4, 20 * 4 - 1, 'time', ...names) * 15 * MINUTE;
        arrivals.push(arrivalOf(draw, name, q, at, `${new Date(month).toISOString().slice(0, 7)}-${q + 1}-${i + 1}`));
      }
    }
  return arrivals;
}

function arrivalOf(draw: Draw, company: string, q: number, at: number, externalId: string): Arrival {
  const { serviceClass, texts } = QUEUES[q]!;
  const person = draw.whole(1, 9_999, 'customer', company, externalId);
  return {
    at,
    company,
    queue: queueOf(new Map(), serviceClass),
    externalId,
    customer: `customer-${person}-${externalId}@mail.example`,
    text: texts[draw.whole(0, texts.length - 1, 'text', company, externalId)] ?? '',
    fields: {},
    comesBack: draw.share('comes back', company, externalId) < COMES_BACK,
  };
}

/** Between two requests of the live demo, in milliseconds: a trickle that a person can follow. */
const LIVE_PAUSE_MS = [10 * SECOND, 45 * SECOND] as const;

/** The next request of the live demo after `now`; `n` counts them, `run` keeps the ids of different runs apart. */
export function liveArrival(draw: Draw, run: string, n: number, now: number): Arrival {
  const lanes = COMPANIES.flatMap(({ name, monthly }) => monthly.map((weight, q) => ({ weight, value: { name, q } })));
  const { name, q } = pick(lanes, draw.share('live', run, n));
  const at = now + Math.round(draw.between(...LIVE_PAUSE_MS, 'pause', run, n));
  return arrivalOf(draw, name, q, at, `live-${run}-${n}`);
}

/** When the demo's history begins: two whole months before the month of `now`. */
export function demoBegins(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 2, 1);
}
