/** The queue now: pooled demand, members, price, saving, clock. */
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { useNow } from '../../app/market-time.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { durationText, moneyText } from '../../ui/format.ts';
import { Count, Money, Saving, TimeLeft } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

export function QueueNow({ queue }: { queue: PublicQueue }) {
  const { current, open, currency, terms } = queue;
  const figures = current?.figures ?? null;
  const members = figures?.companies ?? open?.pooled?.members ?? null;
  const alone = current?.averageStandaloneMicros ?? null;
  return (
    <Figures>
      <Figure
        name={t('figure.volume')}
        note={
          open?.pooled == null
            ? undefined
            : t('figure.volume.next', { count: open.pooled.committed, round: String(open.round) })
        }
      >
        <Count value={figures?.awarded ?? null} />
      </Figure>
      <Figure
        name={t('figure.members')}
        note={
          members === null
            ? t('figure.members.few')
            : figures === null
              ? undefined
              : t('figure.members.bidders', { count: figures.providers })
        }
      >
        <Count value={members} />
      </Figure>
      <Figure
        name={t('figure.price')}
        note={t('figure.price.ceiling', { price: moneyText(terms.ceilingMicros, currency) })}
      >
        <Money micros={current?.averagePriceMicros ?? null} currency={currency} />
      </Figure>
      <Figure
        name={t('figure.saving')}
        note={alone === null ? undefined : t('figure.saving.alone', { price: moneyText(alone, currency) })}
      >
        <Saving micros={current?.averagePriceMicros ?? null} aloneMicros={alone} />
      </Figure>
      <Clock queue={queue} />
    </Figures>
  );
}

function Clock({ queue: { current, open } }: { queue: PublicQueue }) {
  const now = useNow();
  if (current === null && open === null) return null;
  const left = open === null ? 0 : Date.parse(open.closesAt) - now;
  const note =
    open === null
      ? undefined
      : left > 0
        ? t('figure.clock.note', { round: String(open.round), left: durationText(left) })
        : t('figure.clock.clearing', { round: String(open.round) });
  return (
    <Figure
      name={current === null ? t('figure.clock.first') : t('figure.clock', { round: String(current.round) })}
      note={note}
    >
      <TimeLeft iso={current?.endsAt ?? open?.startsAt ?? null} />
    </Figure>
  );
}
