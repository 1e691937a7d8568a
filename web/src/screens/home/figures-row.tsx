/** The four figures that one looks at first. */
import { Progress, Text } from '@mantine/core';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import type { BudgetView } from '../../../../shared/budget/budget.ts';
import type { Forecast } from '../../../../shared/finance-report/forecast.ts';
import type { OpenWork } from '../../../../shared/operations/operations.ts';
import { useRead } from '../../api/use-api.ts';
import { elsewhere } from '../../app/elsewhere.ts';
import { useMay } from '../../auth/session.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { countText, moneyText, percentText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Money, Percent, Saving } from '../../ui/values.tsx';
import { addUp, type Compared, compared, howHeld, TO_DO } from './figures.ts';
import { t } from './messages.en.ts';

type Props = { work: readonly OpenWork[]; now: readonly OwnCommitment[] };

export function FiguresRow({ work, now }: Props) {
  const seesMoney = useMay('company.admin', 'company.finance');
  return (
    <Figures>
      <Open work={work} />
      {seesMoney ? <Spend /> : <ToJudge work={work} />}
      <Saved all={compared(now)} />
      <Quality work={work} />
    </Figures>
  );
}

const bounded = ({ count, isAtLeast }: { count: number; isAtLeast: boolean }) =>
  isAtLeast ? t('atLeast', { count }) : countText(count);

function Open({ work }: { work: readonly OpenWork[] }) {
  const overdue = work.reduce((sum, one) => sum + one.overdue, 0);
  return (
    <Figure
      name={t('open.label')}
      note={
        overdue === 0 ? (
          t('open.none')
        ) : (
          <Text span c="var(--parley-bad)">
            {t('open.note', { overdue })}
          </Text>
        )
      }
    >
      <FigureLink href="/requests" what={t('work.caption')}>
        {bounded(addUp(work, TO_DO))}
      </FigureLink>
    </Figure>
  );
}

function ToJudge({ work }: { work: readonly OpenWork[] }) {
  return (
    <Figure name={t('judge.label')} note={t('judge.note')}>
      <FigureLink href="/requests?state=resolved" what={t('judge.open')}>
        {bounded(addUp(work, ['resolved']))}
      </FigureLink>
    </Figure>
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
    <Figure
      name={t('spend.label', { month: monthName(month) })}
      note={
        <>
          <Cap budget={budget} />
          {first === undefined ? t('spend.nothing') : <Expected of={first} />}
        </>
      }
    >
      {href === undefined ? (
        spent
      ) : (
        <FigureLink href={href} what={t('spend.open')}>
          {spent}
        </FigureLink>
      )}
    </Figure>
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
  if (first === undefined)
    return (
      <Figure name={t('saving.label')} note={t('saving.none')}>
        –
      </Figure>
    );
  const { currency, paidMicros, aloneMicros, awarded } = first;
  const money = (micros: number) => moneyText(micros, currency);
  return (
    <Figure
      name={t('saving.label')}
      note={t('saving.note', { paid: money(paidMicros), alone: money(aloneMicros), count: awarded })}
    >
      <FigureLink href="/demand" what={t('saving.open')}>
        <Saving micros={paidMicros} aloneMicros={aloneMicros} />
      </FigureLink>
    </Figure>
  );
}

function Quality({ work }: { work: readonly OpenWork[] }) {
  const { resolved, heldBps, withinSlaBps } = howHeld(work);
  if (heldBps === null)
    return (
      <Figure name={t('quality.label')} note={t('quality.none')}>
        –
      </Figure>
    );
  return (
    <Figure name={t('quality.label')} note={t('quality.note', { resolved, inTime: percentText(withinSlaBps ?? 0) })}>
      <FigureLink href="/requests" what={t('quality.open')}>
        <Percent bps={heldBps} />
      </FigureLink>
    </Figure>
  );
}
