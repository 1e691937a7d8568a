/** What was found in a file: kinds of tickets with their queues, and what pooling them would have saved. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { call } from '../../api/call.ts';
import { dateText, moneyText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { DraftButton } from './draft-button.tsx';
import { Kinds } from './kinds.tsx';
import { t } from './messages.en.ts';
import type { Counts } from './tickets/count.ts';
import { dayText } from './tickets/dates.ts';
import { demandByQueue, proposalsOf, sumOfRanges, yearlySaving } from './tickets/proposals.ts';
import classes from './welcome.module.css';

export function Found({ counts, queues }: { counts: Counts; queues: readonly PublicQueue[] }) {
  const found = useMemo(() => proposalsOf(counts, queues), [counts, queues]);
  /** Queues that a person chose for a kind instead of the proposed one. */
  const [chosen, setChosen] = useState<Readonly<Record<string, string | null>>>({});
  const proposals = found.proposals.map((proposal) => ({
    ...proposal,
    queue: chosen[proposal.key] === undefined ? proposal.queue : (chosen[proposal.key] ?? null),
  }));
  const demand = demandByQueue(proposals, queues);
  const estimates = useEstimates(demand);
  if (counts.counted === 0)
    return (
      <Text mt="md" role="status">
        {t('found.none')}
      </Text>
    );
  return (
    <section className={classes.section} aria-labelledby="found">
      <h2 id="found">{t('found.title')}</h2>
      <Facts counts={counts} />
      <QueryState of={estimates}>
        {(items) => {
          const savings = demand.map(({ queue, yearly }) => ({
            queue,
            yearly,
            estimate: items.find((item) => item.queue === queue.id),
          }));
          return (
            <>
              <Saved savings={savings} />
              <Kinds
                proposals={proposals}
                queues={queues}
                estimates={items}
                onChoose={(key, queue) => setChosen({ ...chosen, [key]: queue })}
              />
              {found.rest > 0 && (
                <Text size="sm" c="dimmed" mt="xs">
                  {t('kinds.rest', { count: found.rest })}
                </Text>
              )}
              <DraftButton demand={demand} />
            </>
          );
        }}
      </QueryState>
    </section>
  );
}

type Estimate = Awaited<ReturnType<typeof estimate>>[number];
type Demand = ReturnType<typeof demandByQueue>;
/** An estimate takes so many classes. */
const MOST_CLASSES = 20;

async function estimate(demand: Demand) {
  if (demand.length === 0) return [];
  const body = {
    demand: demand
      .slice(0, MOST_CLASSES)
      .map(({ queue: { serviceClass, currency }, volume }) => ({ serviceClass, currency, volume })),
  };
  return (await call('post', '/v1/estimates', { body })).items;
}

/** Asked by totals alone: class, currency and volume a round. */
const useEstimates = (demand: Demand) =>
  useQuery({
    queryKey: ['estimates', demand.map(({ queue, volume }) => [queue.id, volume])],
    queryFn: () => estimate(demand),
    placeholderData: (before) => before,
  });

function Facts({ counts }: { counts: Counts }) {
  const { counted, firstDay, lastDay, withoutDate, withoutCategory, others } = counts;
  const facts = [
    t('found.counted', { count: counted, from: dayName(firstDay), to: dayName(lastDay) }),
    ...(withoutDate === 0 ? [] : [t('found.skipped', { count: withoutDate, what: t('found.skipped.date') })]),
    ...(withoutCategory === 0
      ? []
      : [t('found.skipped', { count: withoutCategory, what: t('found.skipped.category') })]),
    ...(others === 0 ? [] : [t('found.others', { count: others })]),
  ];
  return <Text c="dimmed">{facts.join('; ')}.</Text>;
}

const dayName = (day: number | null): string =>
  day === null ? '' : dateText(Date.parse(dayText(day)), { zone: 'UTC' });

function Saved({ savings }: { savings: { queue: PublicQueue; yearly: number; estimate: Estimate | undefined }[] }) {
  const known = savings.flatMap(({ queue, yearly, estimate: one }) => {
    const saving = one === undefined ? null : yearlySaving(yearly, one);
    return saving === null ? [] : [{ currency: queue.currency, saving }];
  });
  const currency = known[0]?.currency;
  if (currency === undefined)
    return (
      <div className={classes.saved}>
        <Text fw={600}>{t('saved.nothing')}</Text>
        <Text c="dimmed">{t('saved.nothing.text')}</Text>
      </div>
    );
  // Amounts of several currencies have no sum: the one of the first queue is told.
  const total = sumOfRanges(known.filter((one) => one.currency === currency).map(({ saving }) => saving));
  return (
    <div className={classes.saved}>
      <Text>{t('saved.title')}</Text>
      <div className={`${classes.amount} number ${total.likely > 0 ? 'good' : ''}`}>
        {moneyText(total.likely, currency)}
      </div>
      <Text fw={550}>
        {t('saved.range', { low: moneyText(total.low, currency), high: moneyText(total.high, currency) })}
      </Text>
      <Text size="sm" c="dimmed" mt={4}>
        {t('saved.basis')}
      </Text>
    </div>
  );
}
