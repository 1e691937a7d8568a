/** What a round awarded a bid, why, and what would have won; with the proof to keep. */
import { Button, Grid, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ProviderAward } from '../../../../shared/award/award.ts';
import type { Bid } from '../../../../shared/bid/bid.ts';
import type { ProviderWhy } from '../../../../shared/market/why.ts';
import { call } from '../../api/call.ts';
import { saveBlob } from '../../api/file.ts';
import { useRead } from '../../api/use-api.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { Count, Money, Percent } from '../../ui/values.tsx';
import { PriceCurve } from './curve.tsx';
import { t } from './messages.en.ts';
import { Seal } from './seal.tsx';

export function Result({ bid }: { bid: Bid }) {
  const path = { queue: bid.queue, round: bid.round };
  const award = useRead('/v1/queues/{queue}/rounds/{round}/provider-award', { path });
  const why = useRead('/v1/queues/{queue}/rounds/{round}/provider-why', { path });
  return (
    <Stack gap="lg">
      <QueryState of={award}>{(given) => <Awarded award={given} currency={bid.currency} />}</QueryState>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Paper p="md">
            <Title order={2} mb="xs">
              {t('why.title')}
            </Title>
            <QueryState of={why}>
              {({ why: told, explanation }) => (
                <Stack gap="xs">
                  <Text>{explanation}</Text>
                  <Facts why={told} currency={bid.currency} />
                </Stack>
              )}
            </QueryState>
            <Proof {...path} />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack>
            <Paper p="md">
              <PriceCurve tiers={bid.tiers} capacity={bid.capacity} currency={bid.currency} />
            </Paper>
            <Seal bid={bid} mayWithdraw={false} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Awarded({ award, currency }: { award: ProviderAward; currency: string }) {
  const { awarded, capacity, priceMicros, standingCapacity, firstTierMicros, qualityBps } = award;
  return (
    <Figures>
      <Figure name={t('result.awarded')} note={t('result.ofCapacity', { capacity })}>
        <Count value={awarded} />
      </Figure>
      <Figure name={t('result.price')} note={priceMicros === null ? t('result.price.none') : undefined}>
        <Money micros={priceMicros} currency={currency} exact />
      </Figure>
      <Figure
        name={t('result.standing')}
        note={t('result.standing.note', { price: moneyText(firstTierMicros, currency) })}
      >
        <Count value={standingCapacity} />
      </Figure>
      <Figure name={t('result.quality')}>
        <Percent bps={qualityBps} />
      </Figure>
    </Figures>
  );
}

/** The figures of the explanation, to be read at a glance. */
function Facts({ why, currency }: { why: ProviderWhy; currency: string }) {
  const money = (micros: number) => moneyText(micros, currency, { exact: true });
  if (why.outcome === 'awarded' && why.nextTier !== null)
    return (
      <Text size="sm" c="dimmed">
        {t('result.tier')}:{' '}
        {t('result.tier.note', { missing: why.nextTier.missing, price: money(why.nextTier.priceMicros) })}
      </Text>
    );
  if (why.outcome !== 'outbid' || !why.priceToWin.told || why.priceToWin.micros === null) return null;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {t('result.toWin')}
      </Text>
      <Text fw={650} className="number">
        {money(why.priceToWin.micros)}
      </Text>
    </Group>
  );
}

function Proof({ queue, round }: { queue: string; round: number }) {
  const [isSaving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      const file = await call('get', '/v1/queues/{queue}/rounds/{round}/provider-file', { path: { queue, round } });
      const text = JSON.stringify(file, null, 2);
      saveBlob(`${queue}-round-${round}.json`, new Blob([text], { type: 'application/json' }));
    } catch (error) {
      sayFailed(t('result.file.failed'), error);
    }
    setSaving(false);
  };
  return (
    <Button
      mt="md"
      variant="default"
      leftSection={<IconDownload size={16} />}
      loading={isSaving}
      onClick={() => void save()}
    >
      {t('result.file')}
    </Button>
  );
}
