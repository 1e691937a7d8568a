/** How the books stand, in a row of figures that each open to where they come from. */
import { SimpleGrid } from '@mantine/core';
import { useAll } from '../../api/use-all.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { moneyText } from '../../ui/format.ts';
import { Count, Money } from '../../ui/values.tsx';
import { byCurrency } from '../aged/sums.ts';
import { nextToClose } from '../closes/next.ts';
import { CLOSE_STATES } from '../closes/states.ts';
import { Stat } from '../company-parts/stat.tsx';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { monthText } from '../finance-parts/months.ts';
import { t } from './messages.en.ts';

const READ_AT_ONCE = 300;
const MOST_LETTERS = 100;

export function FiguresRow() {
  const operates = useMay('market.operator');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: operates ? 4 : 3 }} mb="xl">
      <Close />
      <Books />
      <Owed />
      {operates && <Dead />}
    </SimpleGrid>
  );
}

function Close() {
  const closes = useRead('/v1/closes').data?.items;
  const current = useThisMonth();
  if (closes === undefined) return <Stat label={t('close')} value="–" />;
  const [newest] = closes;
  const next = nextToClose(newest, current);
  const value = newest === undefined ? '–' : monthText(newest.period);
  const standing = newest === undefined ? t('close.none') : CLOSE_STATES[newest.state].text;
  return (
    <Stat
      label={t('close')}
      value={
        <FigureLink href="/closes" what={t('close.open')}>
          {value}
        </FigureLink>
      }
      note={next === null ? standing : `${standing}; ${t('close.next', { month: monthText(next) })}`}
    />
  );
}

function Books() {
  const found = usePages('/v1/reconciliations', { query: { limit: 1 } });
  const [newest] = found.items;
  if (newest === undefined)
    return <Stat label={t('books')} value="–" {...(found.query.data === undefined ? {} : { note: t('books.none') })} />;
  return (
    <Stat
      label={t('books')}
      value={
        <FigureLink href={`/reconciliations/${encodeURIComponent(newest.id)}`} what={t('books.open')}>
          <Count value={newest.breaks} />
        </FigureLink>
      }
      note={t('books.day', { day: newest.day, count: newest.serious })}
    />
  );
}

function Owed() {
  const rows = useAll(usePages('/v1/aged-receivables', { query: { limit: 100 } }), READ_AT_ONCE);
  const sums = byCurrency(rows.items);
  const main = sums.toSorted((a, b) => b.of.totalMicros - a.of.totalMicros)[0]?.of;
  if (rows.query.data === undefined) return <Stat label={t('owed')} value="–" />;
  const { currency, totalMicros, micros } = main ?? { currency: 'USD', totalMicros: 0, micros: { not_due: 0 } };
  const overdue = moneyText(totalMicros - micros.not_due, currency);
  const others = sums.filter(({ of }) => of !== main).map(({ of }) => moneyText(of.totalMicros, of.currency));
  return (
    <Stat
      label={t('owed')}
      value={
        <FigureLink href="/aged" what={t('owed.open')}>
          <Money micros={totalMicros} currency={currency} />
        </FigureLink>
      }
      note={[t('owed.note', { overdue }), ...others].join('; ')}
    />
  );
}

function Dead() {
  const letters = useRead('/v1/operator/dead-letters', { query: { limit: MOST_LETTERS } }).data?.items;
  return (
    <Stat
      label={t('dead')}
      value={
        <FigureLink href="/operator/health" what={t('dead.open')}>
          <Count value={letters?.length ?? null} />
          {letters?.length === MOST_LETTERS ? '+' : ''}
        </FigureLink>
      }
      note={t('dead.note')}
    />
  );
}
