/** The what-if: volume and reserve price on sliders, and what the market answers. */
import { Alert, Button, Group, Paper, SimpleGrid, Skeleton, Slider, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { CommitmentPreview } from '../../../../shared/provisional/what-if-company.ts';
import type { PublicQueue, PublicRound } from '../../../../shared/queue/queue.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { LineChart } from '../../ui/charts.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { countText, moneyText } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import type { Form } from '../../ui/use-form.ts';
import { Count, Money, Percent, When } from '../../ui/values.tsx';
import { type At, type Point, useCurve, usePastPrices, useWhatIf } from './ask.ts';
import { t } from './messages.en.ts';
import { type Bound, boundBy } from './obligation.ts';
import type { Values } from './values.ts';

type Props = { form: Form<Values, unknown>; terms: Terms; queue: PublicQueue; round: PublicRound };
const HOUR = 3_600_000;

export function WhatIfStep({ form, terms, queue, round }: Props) {
  const at = { queue: queue.id, round: round.round };
  const { values } = form;
  const { data, error, isAsking } = useWhatIf(at, values);
  const bound = boundBy({ volume: values.volume ?? 0, reserveMicros: values.reserveMicros }, terms);
  const isBefore = error instanceof ParleyProblem && error.problem.code === 'no_provisional';
  return (
    <Stack gap="lg">
      <div>
        <Title order={2}>{t('whatIf.title')}</Title>
        <Text c="dimmed">{t('whatIf.lead')}</Text>
      </div>
      <Sliders form={form} terms={terms} />
      <div aria-live="polite" aria-busy={isAsking && data === undefined && error === null ? true : undefined}>
        {data !== undefined && error === null && (
          <Answer
            answer={data}
            bound={bound}
            volume={values.volume ?? 0}
            currency={values.currency}
            isAsking={isAsking}
          />
        )}
        {data === undefined && error === null && <Skeleton h={130} />}
        {isBefore && <PastPrices queue={queue} round={round} terms={terms} volume={values.volume ?? 0} bound={bound} />}
        {error !== null && !isBefore && (
          <Stack>
            <ProblemAlert error={error} />
            <Worst bound={bound} currency={values.currency} />
          </Stack>
        )}
      </div>
      {data !== undefined && error === null && <Curve at={at} values={values} />}
    </Stack>
  );
}

function Sliders({ form, terms }: Pick<Props, 'form' | 'terms'>) {
  const { volume, reserveMicros, currency } = form.values;
  // The first volume sets the scale: it must not run away under the hand.
  const [most] = useState(() => niceMost(volume ?? 100));
  const money = (micros: number) => moneyText(micros, currency);
  const step = Math.max(10_000, Math.round(terms.ceilingMicros / 200 / 10_000) * 10_000);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
      <Paper p="md">
        <NumberInput
          {...form.value('volume')}
          value={volume ?? ''}
          onChange={(value) => form.set({ volume: typeof value === 'number' ? value : null })}
          label={t('whatIf.volume')}
          min={1}
          allowDecimal={false}
          thousandSeparator
        />
        <Slider
          mt="md"
          mx="md"
          mb="lg"
          thumbLabel={t('whatIf.volume')}
          min={1}
          max={most}
          value={Math.min(volume ?? 1, most)}
          onChange={(value) => form.set({ volume: value })}
          label={countText}
          marks={[1, most / 2, most].map((value) => ({ value, label: countText(value) }))}
        />
      </Paper>
      <Paper p="md">
        <MoneyInput
          {...form.value('reserveMicros')}
          currency={currency}
          label={t('whatIf.reserve')}
          placeholder={money(terms.ceilingMicros)}
        />
        <Slider
          mt="md"
          mx="md"
          mb="lg"
          thumbLabel={t('whatIf.reserve')}
          min={step}
          max={terms.ceilingMicros}
          step={step}
          value={Math.min(reserveMicros ?? terms.ceilingMicros, terms.ceilingMicros)}
          onChange={(value) => form.set({ reserveMicros: value })}
          label={money}
          marks={[step, terms.ceilingMicros].map((value) => ({ value, label: money(value) }))}
        />
      </Paper>
    </SimpleGrid>
  );
}

/** Twice a volume, to a round figure that halves well. */
function niceMost(volume: number): number {
  const unit = 10 ** Math.max(1, Math.floor(Math.log10(2 * volume)));
  return Math.ceil((2 * volume) / unit) * unit;
}

type AnswerProps = { answer: CommitmentPreview; bound: Bound; volume: number; currency: string; isAsking: boolean };

function Answer({ answer, bound, volume, currency, isAsking }: AnswerProps) {
  const { estimatedPriceMicros: price, savingBps } = answer;
  return (
    <Stack gap="xs" opacity={isAsking ? 0.6 : 1}>
      <Figures>
        {price === null ? (
          <Figure name={t('whatIf.price')} note={t('whatIf.notServed.note')}>
            {t('whatIf.notServed')}
          </Figure>
        ) : (
          <Figure name={t('whatIf.price')} note={t(answer.isLeast ? 'whatIf.price.least' : 'whatIf.price.note')}>
            <Money micros={price} currency={currency} exact />
          </Figure>
        )}
        <Figure name={t('whatIf.saving')} note={t('whatIf.saving.note')}>
          <span className={(savingBps ?? 0) > 0 ? 'good' : undefined}>
            <Percent bps={savingBps} />
          </span>
        </Figure>
        <Figure name={t('whatIf.most')} note={t('whatIf.most.note', { limit: moneyText(bound.limitMicros, currency) })}>
          <Money micros={answer.mostMicros} currency={currency} />
        </Figure>
        <Figure name={t('whatIf.least')} note={t('whatIf.least.note', { count: bound.leastRequests })}>
          <Money micros={answer.leastMicros} currency={currency} />
        </Figure>
      </Figures>
      <Text>
        {t(answer.leastMicros === null ? 'whatIf.obligation.none' : 'whatIf.obligation', {
          volume,
          most: moneyText(answer.mostMicros, currency),
          count: bound.leastRequests,
          least: moneyText(answer.leastMicros ?? 0, currency),
        })}
      </Text>
      <Text size="sm" c="dimmed">
        {t('whatIf.asOf')} <When iso={answer.provisionalAt} show="absolute" />
        {isAsking && ` · ${t('whatIf.asking')}`}
      </Text>
    </Stack>
  );
}

function Worst({ bound, currency }: { bound: Bound; currency: string }) {
  return (
    <Figures>
      <Figure name={t('whatIf.most')} note={t('whatIf.most.note', { limit: moneyText(bound.limitMicros, currency) })}>
        <Money micros={bound.mostMicros} currency={currency} />
      </Figure>
      <Figure name={t('whatIf.least')} note={t('whatIf.least.note', { count: bound.leastRequests })}>
        <Money micros={bound.noneMicros} currency={currency} />
      </Figure>
    </Figures>
  );
}

type PastProps = { queue: PublicQueue; round: PublicRound; terms: Terms; volume: number; bound: Bound };

/** Before the first provisional clearing there is nothing to answer from: what past rounds cost, and when to ask again. */
function PastPrices({ queue, round, terms, volume, bound }: PastProps) {
  const { data: past } = usePastPrices(queue);
  const [firstHours = 0] = terms.provisionalHours;
  const from = new Date(Date.parse(round.closesAt) - firstHours * HOUR).toISOString();
  const prices = past?.priceMicros ?? null;
  const { currency } = queue;
  const money = (micros: number) => moneyText(micros, currency, { exact: true });
  return (
    <Stack>
      <Alert variant="default" title={t('whatIf.past')}>
        {t('whatIf.past.until')} <When iso={from} show="absolute" /> (<When iso={from} />
        ). {past?.says}
      </Alert>
      {prices !== null && (
        <Figures>
          <Figure
            name={t('whatIf.past.price')}
            note={
              past?.rounds === 1
                ? t('whatIf.past.note.one')
                : t('whatIf.past.note', { low: money(prices.low), high: money(prices.high), rounds: past?.rounds ?? 0 })
            }
          >
            <Money micros={prices.likely} currency={currency} exact />
          </Figure>
          <Figure name={t('whatIf.past.cost')} note={t('whatIf.past.cost.note')}>
            <Money micros={prices.likely * volume} currency={currency} />
          </Figure>
        </Figures>
      )}
      <Worst bound={bound} currency={currency} />
    </Stack>
  );
}

function Curve({ at, values }: { at: At; values: Values }) {
  const { points, isAsking, error, draw } = useCurve(at, values);
  return (
    <Paper p="md">
      <Group justify="space-between">
        <div>
          <Title order={3}>{t('whatIf.curve')}</Title>
          <Text size="sm" c="dimmed">
            {t('whatIf.curve.text')}
          </Text>
        </div>
        <Button variant="default" loading={isAsking} onClick={() => void draw()}>
          {t('whatIf.curve.ask')}
        </Button>
      </Group>
      <ProblemAlert error={error} />
      {points.length > 0 && <CurvePicture points={points} currency={values.currency} />}
    </Paper>
  );
}

const MICROS_PER_UNIT = 1_000_000;

function CurvePicture({ points, currency }: { points: readonly Point[]; currency: string }) {
  const served = points.filter(({ priceMicros }) => priceMicros !== null);
  if (served.length === 0) return <Text mt="sm">{t('whatIf.curve.none')}</Text>;
  return (
    <ChartFrame
      title={t('whatIf.curve.price')}
      summary={t('whatIf.curve.summary')}
      table={{
        head: [t('whatIf.curve.volume'), t('whatIf.curve.price')],
        rows: points.map(({ volume, priceMicros }) => [
          <Count key="volume" value={volume} />,
          <Money key="price" micros={priceMicros} currency={currency} exact />,
        ]),
      }}
    >
      <LineChart
        h="100%"
        data={points.map(({ volume, priceMicros }) => ({
          volume: countText(volume),
          [t('whatIf.curve.price')]: priceMicros === null ? null : priceMicros / MICROS_PER_UNIT,
        }))}
        dataKey="volume"
        series={[{ name: t('whatIf.curve.price'), color: 'ink.6' }]}
        valueFormatter={(units) => moneyText(Math.round(units * MICROS_PER_UNIT), currency)}
        curveType="linear"
        yAxisProps={{ width: 70 }}
        connectNulls={false}
      />
    </ChartFrame>
  );
}
