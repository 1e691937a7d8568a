/** The four figures that one looks at first. */
import { Progress, SimpleGrid, Text } from '@mantine/core';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import type { BudgetView } from '../../../../shared/budget/budget.ts';
import type { Forecast } from '../../../../shared/finance-report/forecast.ts';
import type { OpenWork } from '../../../../shared/operations/operations.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { countText, moneyText, percentText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Money, Percent, Saving } from '../../ui/values.tsx';
import { elsewhere } from '../company-parts/elsewhere.ts';
import { Stat } from '../company-parts/stat.tsx';
import { addUp, type Compared, compared, howHeld, TO_DO } from './figures.ts';
import { t } from './messages.en.ts';

type Props = { work: readonly OpenWork[]; now: readonly OwnCommitment[] };

export function FiguresRow({ work, now }: Props) {
  const seesMoney = useMay('company.admin', 'company.finance');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} mb="xl">
      <Open work={work} />
      {seesMoney ? <Spend /> : <ToJudge work={work} />}
      <Saved all={compared(now)} />
      <Quality work={work} />
    </SimpleGrid>
  );
}

const bounded = ({ count, isAtLeast }: { count: number; isAtLeast: boolean }) =>
  isAtLeast ? t('atLeast', { count }) : countText(count);

function Open({ work }: { work: readonly OpenWork[] }) {
  const overdue = work.reduce((sum, one) => sum + one.overdue, 0);
  return (
    <Stat
      label={t('open.label')}
      value={
        <FigureLink href="/requests" what={t('work.caption')}>
          {bounded(addUp(work, TO_DO))}
        </FigureLink>
      }
      note={
        overdue === 0 ? (
          t('open.none')
        ) : (
          <Text span c="var(--parley-bad)">
            {t('open.note', { overdue })}
          </Text>
        )
      }
    />
  );
}

function ToJudge({ work }: { work: readonly OpenWork[] }) {
  return (
    <Stat
      label={t('judge.label')}
      value={
        <FigureLink href="/requests?state=resolved" what={t('judge.open')}>
          {bounded(addUp(work, ['resolved']))}
        </FigureLink>
      }
      note={t('judge.note')}
    />
  );
}

function Spend() {
  const forecasts = useRead('/v1/forecast').data?.items;
  const budgets = useRead('/v1/budget').data?.items;
  const [first] = forecasts ?? [];
  const currency = first?.currency ?? budgets?.[0]?.currency ?? 'USD';
  const budget = budgets?.find((one) => one.currency === currency);
  const month = first?.period ?? budget?.month ?? '';
  const href = elsewhere('/charges');
  const spent = <Money micros={first?.soFarMicros ?? (forecasts === undefined ? null : 0)} currency={currency} />;
  return (
    <Stat
      label={t('spend.label', { month: monthName(month) })}
      value={
        href === undefined ? (
          spent
        ) : (
          <FigureLink href={href} what={t('spend.open')}>
            {spent}
          </FigureLink>
        )
      }
      note={
        <>
          <Cap budget={budget} />
          {first === undefined ? t('spend.nothing') : <Expected of={first} />}
        </>
      }
    />
  );
}

const monthName = (period: string): string =>
  period === ''
    ? ''
    : new Intl.DateTimeFormat(undefined, { month: 'long', timeZone: 'UTC' }).format(Date.parse(`${period}-01`));

function Cap({ budget }: { budget: BudgetView | undefined }) {
  if (budget === undefined || budget.capMicros === null)
    return (
      <>
        {t('spend.noCap')} <Go href="/budget">{t('spend.setCap')}</Go>.{' '}
      </>
    );
  const { capMicros, usedMicros, currency } = budget;
  const percent = capMicros === 0 ? 100 : Math.min(100, (100 * usedMicros) / capMicros);
  return (
    <>
      <Progress
        value={percent}
        my={6}
        aria-label={t('spend.capped')}
        color={percent >= 100 ? 'red' : percent >= 80 ? 'yellow' : 'ink'}
      />
      <Go href="/budget">
        {t('spend.ofCap', { used: moneyText(usedMicros, currency), cap: moneyText(capMicros, currency) })}
      </Go>
      .{' '}
    </>
  );
}

function Expected({ of }: { of: Forecast }) {
  const money = (micros: number) => moneyText(micros, of.currency);
  return t('spend.expected', {
    expected: money(of.expectedMicros),
    from: money(of.fromMicros),
    to: money(of.toMicros),
  });
}

function Saved({ all }: { all: readonly Compared[] }) {
  const [first] = all;
  if (first === undefined) return <Stat label={t('saving.label')} value="–" note={t('saving.none')} />;
  const { currency, paidMicros, aloneMicros, awarded } = first;
  const money = (micros: number) => moneyText(micros, currency);
  return (
    <Stat
      label={t('saving.label')}
      value={
        <FigureLink href="/demand" what={t('saving.open')}>
          <Saving micros={paidMicros} aloneMicros={aloneMicros} />
        </FigureLink>
      }
      note={t('saving.note', { paid: money(paidMicros), alone: money(aloneMicros), count: awarded })}
    />
  );
}

function Quality({ work }: { work: readonly OpenWork[] }) {
  const { resolved, heldBps, withinSlaBps } = howHeld(work);
  if (heldBps === null) return <Stat label={t('quality.label')} value="–" note={t('quality.none')} />;
  return (
    <Stat
      label={t('quality.label')}
      value={
        <FigureLink href="/requests" what={t('quality.open')}>
          <Percent bps={heldBps} />
        </FigureLink>
      }
      note={t('quality.note', { resolved, inTime: percentText(withinSlaBps ?? 0) })}
    />
  );
}
