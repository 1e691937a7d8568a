/** One close from beginning to end on engines of its own: laid, closed in a process of its own, checked. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tableClient } from '../../../infra/local/tables.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { DAY, HOUR } from '../../../shared/kernel/time.ts';
import { endOf } from '../../../shared/ledger/period.ts';
import { startTestTables, type TestTables } from '../../support/engine.ts';
import { progress } from '../support/arguments.ts';
import { checkClose } from './checks.ts';
import type { CloseOrder, CloseReport, EventsReport } from './close-process.ts';
import { layMarket, PERIOD, type Size } from './lay.ts';
import { measurePayouts } from './payouts.ts';
import { type Counted, callsSince, startStandIn } from './stand-in.ts';

/** The close begins on the third of the next month; Stripe's clock stands an hour later. */
const BEGINS_AT = endOf(PERIOD) + 2 * DAY;
const STRIPE_AT = BEGINS_AT + HOUR;
const NONE: Counted = { counts: {}, refused: 0, mostPerCustomer: 0 };

export type Closing = Awaited<ReturnType<typeof measureClose>>;

/** Where `isFollowed`, what Stripe told of it is worked too, and providers are paid. */
export async function measureClose(size: Size, isFollowed: boolean) {
  const engine = await startTestTables({ bundled: true });
  const stripe = await startStandIn(STRIPE_AT);
  try {
    const laid = await layMarket(engine.tables, size);
    progress(`closing ${size.companies} companies with ${size.charges} charges`);
    const { names } = engine.tables.owner as TableConfig;
    const order = { endpoint: engine.endpoint, names, stripe: stripe.access, period: PERIOD };
    const closing = startClose({ ...order, now: BEGINS_AT, stripeNow: STRIPE_AT });
    const report = await closing.report;
    const closed = await stripe.counted();
    progress('working what Stripe told');
    const events = await closing.end(isFollowed);
    const told = await stripe.counted();
    progress('checking every invoice');
    // What this process remembers of the months is from before they closed.
    const tables = new Tables({ ...(engine.tables.owner as TableConfig) });
    const checked = await checkClose({ tables, now: STRIPE_AT + DAY }, stripe.access, PERIOD, laid);
    progress('paying providers');
    const paying = { period: PERIOD, laid, now: STRIPE_AT };
    const payouts = isFollowed ? await unsigned(engine, (own) => measurePayouts(own, stripe, paying)) : null;
    checked.failures.push(...(payouts?.failures ?? []));
    if (told.refused > 0) checked.failures.push(`Stripe refused ${told.refused} calls`);
    const calls = callsSince(NONE, closed);
    const { mostPerCustomer: mostCalls } = closed;
    return { ...size, report, calls, mostCalls, events, eventCalls: callsSince(closed, told), checked, payouts };
  } finally {
    await stripe.stop();
    await engine.stop();
  }
}

/** Works on tables whose calls are not signed, as those of the other parts of this bench. */
async function unsigned<T>(engine: TestTables, work: (tables: Tables) => Promise<T>): Promise<T> {
  const connection = tableClient(engine.endpoint, { signs: false });
  try {
    return await work(new Tables({ ...(engine.tables.owner as TableConfig), client: connection.client }));
  } finally {
    connection.close();
  }
}

/** Starts the close in a process of its own; it ends when it has worked what Stripe told. */
function startClose(order: CloseOrder) {
  const child = fork(new URL('close-process.ts', import.meta.url), [JSON.stringify(order)]);
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the close ended with ${code}`)));
  failed.catch(() => undefined);
  const next = async <T>(): Promise<T> => ((await Promise.race([once(child, 'message'), failed])) as [T])[0];
  return {
    report: next<CloseReport>(),
    end: async (isFollowed: boolean): Promise<EventsReport | null> => {
      child.send(isFollowed ? 'follow up' : 'end');
      return isFollowed ? next<EventsReport>() : null;
    },
  };
}
