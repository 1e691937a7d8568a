/** The figures of the day: in work, waiting, earned this month, quality; each opens to what it is made of. */
import { usePages, useRead } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useMay } from '../../auth/session.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { countText, durationText, moneyText } from '../../ui/format.ts';
import { monthOf, monthText } from '../../ui/months.ts';
import { Count, Percent } from '../../ui/values.tsx';
import { waitsIn } from './lanes.ts';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;

export function FiguresRow() {
  const works = useMay('provider.admin', 'provider.agent');
  const sells = useMay('provider.admin', 'provider.finance');
  return (
    <Figures>
      {works && <InWork />}
      {works && <InLanes />}
      {sells && <Earned />}
      <Quality />
    </Figures>
  );
}

/** Nobody knows before it is read: nought would be an invention. */
const Unread = ({ name }: { name: string }) => (
  <Figure name={name}>
    <Count value={null} />
  </Figure>
);

function InWork() {
  const now = useNow();
  const held = usePages('/v1/leases', { query: { state: 'held', limit: 100 } }, { refreshMs: REFRESH_MS });
  const first = held.items.map(({ deadline }) => deadline).sort()[0];
  if (held.query.data === undefined) return <Unread name={t('held.label')} />;
  return (
    <Figure
      name={t('held.label')}
      note={first === undefined ? t('held.none') : t('held.note', { left: durationText(Date.parse(first) - now) })}
    >
      <FigureLink href="/turns?state=held" what={t('held.open')}>
        {countText(held.items.length)}
        {held.hasMore ? '+' : ''}
      </FigureLink>
    </Figure>
  );
}

function InLanes() {
  const now = useNow();
  const lanes = useRead('/v1/lanes', {}, { refreshMs: REFRESH_MS });
  if (lanes.data === undefined) return <Unread name={t('waiting.label')} />;
  const { count, isAtLeast, earliest, isLate } = waitsIn(lanes.data.items);
  return (
    <Figure
      name={t('waiting.label')}
      note={
        isLate
          ? t('waiting.late')
          : earliest === null
            ? t('waiting.none')
            : t('waiting.note', { left: durationText(Date.parse(earliest) - now) })
      }
    >
      <FigureLink href="/lanes" what={t('waiting.open')}>
        {countText(count)}
        {isAtLeast ? '+' : ''}
      </FigureLink>
    </Figure>
  );
}

function Earned() {
  const month = monthOf(useNow());
  const earnings = useRead('/v1/earnings', { query: { month } });
  const found = earnings.data?.currencies ?? [];
  const main = found[0];
  return (
    <Figure
      name={t('earned.label', { month: monthText(month) })}
      note={
        main === undefined
          ? t('earned.none')
          : t('earned.note', {
              posted: moneyText(main.posted.micros, main.currency),
              confirmed: moneyText(main.confirmed.micros, main.currency),
              pending: moneyText(main.pending.micros, main.currency),
            })
      }
    >
      <FigureLink href="/earnings" what={t('earned.open')}>
        {main === undefined
          ? '–'
          : moneyText(main.pending.micros + main.confirmed.micros + main.posted.micros, main.currency)}
      </FigureLink>
    </Figure>
  );
}

function Quality() {
  const record = useRead('/v1/reputation');
  return (
    <Figure name={t('quality.label')} note={t('quality.note')}>
      <FigureLink href="/performance" what={t('quality.open')}>
        <Percent bps={record.data?.qualityBps ?? null} />
      </FigureLink>
    </Figure>
  );
}
