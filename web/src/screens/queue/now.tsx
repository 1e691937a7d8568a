/** The queue now: pooled demand, members, price, saving, clock. */
import type { ReactNode } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { useNow } from '../../app/market-time.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
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
        <OfRound queue={queue}>
          <Count value={figures?.awarded ?? null} />
        </OfRound>
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
        <OfRound queue={queue}>
          <Count value={members} />
        </OfRound>
      </Figure>
      <Figure
        name={t('figure.price')}
        note={t('figure.price.ceiling', { price: moneyText(terms.ceilingMicros, currency) })}
      >
        <OfRound queue={queue}>
          <Money micros={current?.averagePriceMicros ?? null} currency={currency} />
        </OfRound>
      </Figure>
      <Figure
        name={t('figure.saving')}
        note={alone === null ? undefined : t('figure.saving.alone', { price: moneyText(alone, currency) })}
      >
        <OfRound queue={queue}>
          <Saving micros={current?.averagePriceMicros ?? null} aloneMicros={alone} />
        </OfRound>
      </Figure>
      <Clock queue={queue} />
    </Figures>
  );
}

/** The round that runs says what a figure is made of, with its proof. */
function OfRound({ queue: { id, current }, children }: { queue: PublicQueue; children: ReactNode }) {
  if (current === null) return children;
  return (
    <FigureLink
      href={`/queues/${id}/rounds/${current.round}`}
      what={t('figure.round', { round: String(current.round) })}
    >
      {children}
    </FigureLink>
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
