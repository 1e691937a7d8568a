/** Why one pays this price: in sentences, and as a picture of what its parts gain. */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { CompanyExplanation } from '../../../../shared/market/round-file/explain.ts';
import { call } from '../../api/call.ts';
import { saveBlob } from '../../api/file.ts';
import { useRead } from '../../api/use-api.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart } from '../../ui/charts.tsx';
import { moneyText } from '../../ui/format.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Money } from '../../ui/values.tsx';

import { t } from './messages.en.ts';

type At = { queue: string; round: number };
const MICROS_PER_UNIT = 1_000_000;

export function Why({ at }: { at: At }) {
  const why = useRead('/v1/queues/{queue}/rounds/{round}/why', { path: at });
  return (
    <section>
      <Title order={2} mb="sm">
        {t('why.title')}
      </Title>
      <QueryState of={why}>
        {(found) => (
          <Stack>
            <Text maw={760}>{found.explanation}</Text>
            <Parts of={found} />
          </Stack>
        )}
      </QueryState>
    </section>
  );
}

/** What buying alone would gain, and of what the gain together is made; micro-units of the round. */
export const partsOf = ({ surplusMicros, pooledMicros, referenceMicros, balanceMicros }: CompanyExplanation['why']) => [
  { name: t('why.alone'), micros: surplusMicros - pooledMicros },
  { name: t('why.reference'), micros: referenceMicros },
  { name: t('why.balance'), micros: balanceMicros },
  { name: t('why.together'), micros: surplusMicros },
];

function Parts({ of: { why, currency } }: { of: CompanyExplanation }) {
  const parts = partsOf(why);
  return (
    <Paper p="md">
      <ChartFrame
        title={t('why.chart')}
        summary={t('why.chart.summary')}
        heightPx={220}
        table={{
          head: [t('why.part'), t('why.amount')],
          rows: parts.map(({ name, micros }) => [name, <Money key={name} micros={micros} currency={currency} />]),
        }}
      >
        <BarChart
          h="100%"
          data={parts.map(({ name, micros }) => ({ name, [t('why.amount')]: micros / MICROS_PER_UNIT }))}
          dataKey="name"
          orientation="vertical"
          series={[{ name: t('why.amount'), color: 'ink.6' }]}
          yAxisProps={{ width: 140 }}
          valueFormatter={(units) => moneyText(Math.round(units * MICROS_PER_UNIT), currency)}
          gridAxis="x"
        />
      </ChartFrame>
    </Paper>
  );
}

/** The company's own part of the round's file, to be checked without the market. */
export function Proof({ at }: { at: At }) {
  const [error, setError] = useState<unknown>(null);
  const [isSaving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    setError(null);
    try {
      const file = await call('get', '/v1/queues/{queue}/rounds/{round}/company-file', { path: at });
      saveBlob(`${at.queue}-${at.round}.json`, new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' }));
    } catch (refusal) {
      setError(refusal);
    }
    setSaving(false);
  };
  return (
    <section>
      <Title order={2} mb="xs">
        {t('proof.title')}
      </Title>
      <Group justify="space-between" align="flex-start">
        <Text maw={560}>{t('proof.text')}</Text>
        <Button variant="default" loading={isSaving} onClick={() => void save()}>
          {t('proof.save')}
        </Button>
      </Group>
      <ProblemAlert error={error} />
    </section>
  );
}
