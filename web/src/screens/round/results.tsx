/** What a round came to. */
import { Text } from '@mantine/core';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { absoluteText, moneyText, percentText } from '../../ui/format.ts';
import { Count, Money, Saving } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import type { Proof } from './proof.ts';
import { hasBegun } from './states.ts';

type Props = { round: PublicRound; currency: string; published: Proof['published'] | undefined };

export function Results({ round, currency, published }: Props) {
  const { figures, averagePriceMicros, averageStandaloneMicros } = round;
  if (figures === null)
    return (
      <Text c="dimmed">
        {hasBegun(round) ? t('figures.hidden') : t('figures.waits', { time: absoluteText(Date.parse(round.startsAt)) })}
      </Text>
    );
  const alone = averageStandaloneMicros === null ? undefined : moneyText(averageStandaloneMicros, currency);
  const prices = published?.prices ?? null;
  const epsilon = published?.epsilon ?? null;
  return (
    <Figures>
      <Figure name={t('figure.awarded')} note={t('figure.awarded.note', { committed: figures.committed })}>
        <Count value={figures.awarded} />
      </Figure>
      <Figure name={t('figure.price')} note={alone === undefined ? undefined : t('figure.alone', { price: alone })}>
        <Money micros={averagePriceMicros} currency={currency} />
      </Figure>
      <Figure
        name={t('figure.saved')}
        note={<Saving micros={averagePriceMicros} aloneMicros={averageStandaloneMicros} />}
      >
        <Money micros={figures.standaloneMicros - figures.billingsMicros} currency={currency} />
      </Figure>
      <Figure name={t('figure.members')} note={t('figure.bidders', { count: figures.providers })}>
        <Count value={figures.companies} />
      </Figure>
      {prices !== null && (
        <Figure name={t('figure.median')} note={rangeText(prices, currency)}>
          <Money micros={prices.medianMicros} currency={currency} />
        </Figure>
      )}
      {epsilon !== null && (
        <Figure
          name={t('figure.epsilon')}
          note={
            epsilon.shareOfTurnoverBps === null
              ? undefined
              : t('figure.epsilon.note', { share: percentText(epsilon.shareOfTurnoverBps) })
          }
        >
          <Money micros={epsilon.micros} currency={currency} />
        </Figure>
      )}
    </Figures>
  );
}

function rangeText({ minMicros, maxMicros }: { minMicros: number | null; maxMicros: number | null }, currency: string) {
  if (minMicros === null || maxMicros === null) return undefined;
  return t('figure.median.note', { min: moneyText(minMicros, currency), max: moneyText(maxMicros, currency) });
}
