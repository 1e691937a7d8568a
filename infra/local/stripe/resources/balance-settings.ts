/** How an account is paid out: by hand, or by day, week or month with a minimum that stays. */
import type { Stripe } from 'stripe';
import * as z from 'zod';
import type { Context } from '../context.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { settingsOf } from '../settings.ts';
import { DAY } from './balance.ts';

type Settings = Stripe.BalanceSettings;

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
const payoutsParams = p.hash({
  minimum_balance_by_currency: p.clearable(z.record(z.string(), p.clearable(p.whole))).optional(),
  schedule: p
    .hash({
      interval: p.oneOf(['daily', 'manual', 'monthly', 'weekly']).optional(),
      monthly_payout_days: p.listOf(p.whole).optional(),
      weekly_payout_days: p.listOf(p.oneOf(DAYS)).optional(),
    })
    .optional(),
  statement_descriptor: p.text.max(22).optional(),
} satisfies p.ParamsOf<Stripe.BalanceSettingsUpdateParams.Payments.Payouts>);
const update = {
  payments: p
    .hash({
      debit_negative_balances: p.flag.optional(),
      payouts: payoutsParams.optional(),
      settlement_timing: p.hash({ delay_days_override: p.clearable(p.whole).optional() }).optional(),
    } satisfies p.ParamsOf<Stripe.BalanceSettingsUpdateParams.Payments>)
    .optional(),
} satisfies p.ParamsOf<Stripe.BalanceSettingsUpdateParams>;

const nameOf = (context: Context): string => `balance_settings:${context.account}`;

/** The platform pays out by hand, as the market wants it; accounts daily until they are told otherwise. */
export function balanceSettingsOf(context: Context): Settings {
  const kept = context.get('balance_settings', nameOf(context));
  if (kept !== undefined) return kept;
  return {
    object: 'balance_settings',
    payments: {
      debit_negative_balances: false,
      payouts: {
        automatic_transfer_rules_by_currency: null,
        minimum_balance_by_currency: null,
        schedule: { interval: context.account === '' ? 'manual' : 'daily' },
        statement_descriptor: null,
        status: 'enabled',
      },
      settlement_timing: { delay_days: settingsOf(context).settlementDays, start_of_day: null },
    },
  };
}

export type Schedule = {
  interval: string;
  weekly: readonly string[];
  monthly: readonly number[];
  /** Cents that stay, by currency. */
  minimum: Readonly<Record<string, number>>;
  descriptor: string | null;
};

export function scheduleOf(context: Context): Schedule {
  const { payouts } = balanceSettingsOf(context).payments;
  return {
    interval: payouts?.schedule?.interval ?? 'manual',
    weekly: payouts?.schedule?.weekly_payout_days ?? ['monday'],
    monthly: payouts?.schedule?.monthly_payout_days ?? [1],
    minimum: payouts?.minimum_balance_by_currency ?? {},
    descriptor: payouts?.statement_descriptor ?? null,
  };
}

const LONGEST_WAIT = 63;

/** The first midnight UTC after `now` (seconds) that is a day of the schedule; null where it is done by hand. */
export function nextPayoutAt(
  { interval, weekly, monthly }: Pick<Schedule, 'interval' | 'weekly' | 'monthly'>,
  now: number,
): number | null {
  for (let day = Math.floor(now / DAY) + 1, tries = 0; tries < LONGEST_WAIT; day += 1, tries += 1) {
    const date = new Date(day * DAY * 1_000);
    const weekday = DAYS[date.getUTCDay() - 1] ?? '';
    if (interval === 'daily') return day * DAY;
    if (interval === 'weekly' && weekly.includes(weekday)) return day * DAY;
    if (interval === 'monthly' && monthly.includes(date.getUTCDate())) return day * DAY;
  }
  return null;
}

type Change = {
  debit_negative_balances?: boolean | undefined;
  payouts?:
    | {
        minimum_balance_by_currency?: Record<string, number | null> | null | undefined;
        schedule?: Partial<NonNullable<NonNullable<Settings['payments']['payouts']>['schedule']>> | undefined;
        statement_descriptor?: string | undefined;
      }
    | undefined;
  settlement_timing?: { delay_days_override?: number | null | undefined } | undefined;
};

function changed(old: Settings, change: Change): Settings {
  const { payouts, settlement_timing: timing } = change;
  const before = old.payments.payouts;
  if (before === null) return old;
  const minimums = payouts?.minimum_balance_by_currency;
  const merged = Object.entries({ ...before.minimum_balance_by_currency, ...minimums }).filter(
    ([, cents]) => cents !== null,
  );
  const override = timing?.delay_days_override;
  return {
    object: 'balance_settings',
    payments: {
      debit_negative_balances: change.debit_negative_balances ?? old.payments.debit_negative_balances,
      payouts: {
        ...before,
        minimum_balance_by_currency:
          minimums === null || merged.length === 0 ? null : (Object.fromEntries(merged) as Record<string, number>),
        schedule:
          payouts?.schedule === undefined
            ? before.schedule
            : { interval: before.schedule?.interval ?? null, ...payouts.schedule },
        statement_descriptor: payouts?.statement_descriptor ?? before.statement_descriptor,
      },
      settlement_timing: {
        ...old.payments.settlement_timing,
        ...(override == null ? {} : { delay_days_override: override, delay_days: override }),
      },
    },
  };
}

/** The routes; `rescheduled` is told when an account's schedule has changed. */
export const balanceSettings = (rescheduled: (context: Context) => void): Resource => ({
  routes: [
    route('GET', '/v1/balance_settings', {}, (context) => balanceSettingsOf(context)),
    route('POST', '/v1/balance_settings', update, (context, { params }) => {
      const old = balanceSettingsOf(context);
      const next = context.put('balance_settings', changed(old, (params.payments ?? {}) as Change), nameOf(context));
      context.emit('balance_settings.updated', 'balance_settings', next);
      rescheduled(context);
      return next;
    }),
  ],
});
