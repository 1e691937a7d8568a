/** What proposed an incident: the hour against a usual one, as bars and in a sentence. */
import { Progress, Text, Title } from '@mantine/core';
import type { Spike } from '../../../../shared/incident/spike.ts';
import { absoluteText, countText } from '../../ui/format.ts';
import { t } from './messages.en.ts';
import { oddsOf, usualRate } from './spike-words.ts';

export function SeenSpike({ spike, seenBy }: { spike: Spike; seenBy: number | null }) {
  const { seen, usual, until, chance } = spike;
  const rate = usualRate(spike);
  const { requests, hours } = usual;
  return (
    <section>
      <Title order={2} mb="xs">
        {t('spike.title')}
      </Title>
      <Bar label={t('spike.seen')} value={seen} most={seen} color="red" />
      <Bar label={t('spike.like')} value={rate} most={seen} color="gray" />
      <Text mt="sm">
        {t('spike.text', { seen, time: absoluteText(Date.parse(until)) })}{' '}
        {t('spike.usual', { hours, requests, rate, odds: oddsOf(chance) })}
      </Text>
      {seenBy !== null && (
        <Text mt="xs" fw={600}>
          {t('spike.others', { count: seenBy })}
        </Text>
      )}
    </section>
  );
}

function Bar({ label, value, most, color }: { label: string; value: number; most: number; color: string }) {
  return (
    <>
      <Text size="sm" mb={2}>
        {label}: <span className="number">{countText(value)}</span>
      </Text>
      <Progress value={(100 * value) / most} size="lg" mb="xs" color={color} aria-label={label} />
    </>
  );
}
