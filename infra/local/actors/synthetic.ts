/** A seeded year of demand of the same shape as the complaint file: companies of very unequal size, several classes. */
import { DAY, HOUR } from '../../../shared/kernel/time.ts';
import { type Arrival, type Demand, inOrderOfTime, queueOf } from './arrival.ts';
import { type Draw, pick } from './draw.ts';
import { HOURS_OF_DAY } from './row.ts';

const YEAR_BEGINS = Date.UTC(2025, 0, 1);
const DAYS = 365;
export const SYNTHETIC_COMPANIES = 120;
/** Requests of the median company in the year; the lognormal's spread is what the complaint file shows (σ ≈ 1.7). */
const MEDIAN_REQUESTS = 8;
const SIGMA = 1.7;
const MOST_REQUESTS = 1_500;
const CATEGORIES = [
  { weight: 35, value: 'Mortgage' },
  { weight: 25, value: 'Debt collection' },
  { weight: 20, value: 'Credit card' },
  { weight: 20, value: 'Bank account' },
];
const CHANNELS = [
  { weight: 70, value: 'Web' },
  { weight: 20, value: 'Phone' },
  { weight: 10, value: 'Postal mail' },
];
const COMES_BACK = 0.2;

/** Draws the year: each company has a size, one to three categories, and days drawn over the year. */
export function syntheticYear(draw: Draw, limit?: number): Demand {
  const classes: Demand['classes'] = new Map();
  const arrivals: Arrival[] = [];
  for (let n = 1; n <= SYNTHETIC_COMPANIES; n++) {
    const company = `Company ${n.toString().padStart(3, '0')}`;
    const size = Math.round(MEDIAN_REQUESTS * Math.exp(SIGMA * draw.normal('size', company)));
    const count = Math.min(Math.max(size, 1), MOST_REQUESTS);
    for (let i = 0; i < count; i++) arrivals.push(drawArrival(draw, classes, company, i));
  }
  const first = arrivals.sort(inOrderOfTime).slice(0, limit);
  const used = new Set(first.map((arrival) => arrival.queue));
  return { arrivals: first, classes: new Map([...classes].filter(([queue]) => used.has(queue))) };
}

function drawArrival(draw: Draw, classes: Demand['classes'], company: string, i: number): Arrival {
  const kinds = draw.whole(1, 3, 'categories', company);
  const topic = draw.whole(0, kinds - 1, 'topic', company, i);
  const category = pick(CATEGORIES, draw.share('category', company, topic));
  const channel = pick(CHANNELS, draw.share('channel', company, i));
  const day = draw.whole(0, DAYS - 1, 'day', company, i);
  const hour = HOURS_OF_DAY[draw.whole(0, HOURS_OF_DAY.length - 1, 'time', company, i)] ?? 8;
  return {
    at: YEAR_BEGINS + day * DAY + hour * HOUR,
    company,
    queue: queueOf(classes, { category, channel, language: 'en-US', region: 'US', slaTier: 'standard' }),
    externalId: `${company}/${i + 1}`,
    customer: `customer ${i + 1} of ${company}`,
    text: `${category}: please help (${channel})`,
    fields: {},
    comesBack: draw.share('comes back', company, i) < COMES_BACK,
  };
}
