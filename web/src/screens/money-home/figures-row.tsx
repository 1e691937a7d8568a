/** How the books stand, in a row of figures that each open to where they come from. */
import { useAll } from '../../api/use-all.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { dayText, moneyText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { Count, Money } from '../../ui/values.tsx';
import { byCurrency } from '../aged/sums.ts';
import { nextToClose } from '../closes/next.ts';
import { CLOSE_STATES } from '../closes/states.ts';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { t } from './messages.en.ts';

const READ_AT_ONCE = 300;
const MOST_LETTERS = 100;

export function FiguresRow() {
  return (
    <Figures>
      <Close />
      <Books />
      <Owed />
      <Dead />
    </Figures>
  );
}

function Close() {
  const closes = useRead('/v1/closes').data?.items;
  const current = useThisMonth();
  if (closes === undefined) return <Figure name={t('close')}>–</Figure>;
  const [newest] = closes;
  const next = nextToClose(newest, current);
  const value = newest === undefined ? '–' : monthText(newest.period);
  const standing = newest === undefined ? t('close.none') : CLOSE_STATES[newest.state].text;
  return (
    <Figure
      name={t('close')}
      note={next === null ? standing : `${standing}; ${t('close.next', { month: monthText(next) })}`}
    >
      <FigureLink href="/closes" what={t('close.open')}>
        {value}
      </FigureLink>
    </Figure>
  );
}

function Books() {
  const found = usePages('/v1/reconciliations', { query: { limit: 1 } });
  const [newest] = found.items;
  if (newest === undefined)
    return (
      <Figure name={t('books')} {...(found.query.data === undefined ? {} : { note: t('books.none') })}>
        –
      </Figure>
    );
  return (
    <Figure name={t('books')} note={t('books.day', { day: dayText(newest.day), count: newest.serious })}>
      <FigureLink href={`/reconciliations/${encodeURIComponent(newest.id)}`} what={t('books.open')}>
        <Count value={newest.breaks} />
      </FigureLink>
    </Figure>
  );
}

function Owed() {
  const rows = useAll(usePages('/v1/aged-receivables', { query: { limit: 100 } }), READ_AT_ONCE);
  const sums = byCurrency(rows.items);
  const main = sums.toSorted((a, b) => b.of.totalMicros - a.of.totalMicros)[0]?.of;
  if (rows.query.data === undefined) return <Figure name={t('owed')}>–</Figure>;
  const { currency, totalMicros, micros } = main ?? { currency: 'USD', totalMicros: 0, micros: { not_due: 0 } };
  const overdue = moneyText(totalMicros - micros.not_due, currency);
  const others = sums.filter(({ of }) => of !== main).map(({ of }) => moneyText(of.totalMicros, of.currency));
  return (
    <Figure name={t('owed')} note={[t('owed.note', { overdue }), ...others].join('; ')}>
      <FigureLink href="/aged" what={t('owed.open')}>
        <Money micros={totalMicros} currency={currency} />
      </FigureLink>
    </Figure>
  );
}

function Dead() {
  const letters = useRead('/v1/operator/dead-letters', { query: { limit: MOST_LETTERS } }).data?.items;
  const operates = useMay('market.operator');
  return (
    <Figure name={t('dead')} note={t(operates ? 'dead.note' : 'dead.note.money')}>
      <FigureLink href={operates ? '/operator/health' : '/failed-messages'} what={t('dead.open')}>
        <Count value={letters?.length ?? null} />
        {letters?.length === MOST_LETTERS ? '+' : ''}
      </FigureLink>
    </Figure>
  );
}
