/** Where a bid stands in an open round: the one that is placed, and the one as it is typed. */
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { BidInput } from '../../../../shared/bid/bid.ts';
import type { BidPreview } from '../../../../shared/provisional/what-if-provider.ts';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/use-api.ts';
import { absoluteText, moneyText } from '../../ui/format.ts';
import { told } from '../../ui/problem.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const SETTLE_MS = 900;
type Place = { queue: string; round: number };

/** Where what is typed would stand, asked once it rests; the same offer is asked once. */
export function usePreview({ queue, round }: Place, bid: BidInput | null, isEnabled: boolean) {
  const [settled] = useDebouncedValue(bid, SETTLE_MS);
  const body = settled === null ? null : (({ currency, capacity, tiers }) => ({ currency, capacity, tiers }))(settled);
  return useQuery({
    queryKey: ['preview of a bid', queue, round, body],
    queryFn: () =>
      call('post', '/v1/queues/{queue}/rounds/{round}/provider-preview', { path: { queue, round }, body: body! }),
    enabled: isEnabled && body !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

type Props = Place & {
  currency: string;
  hasBid: boolean;
  isWhole: boolean;
  /** When the first provisional clearing is due, where that is still to come; null once there was one. */
  notBefore: string | null;
  preview: { data: BidPreview | undefined; error: unknown };
};

export function Standing({ queue, round, currency, hasBid, isWhole, notBefore, preview }: Props) {
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('stand.title')}
      </Title>
      {notBefore === null ? (
        <Stack gap="sm">
          {hasBid && <Placed queue={queue} round={round} currency={currency} />}
          <div aria-live="polite">
            <Text size="sm" c="dimmed">
              {t('preview.title')}
            </Text>
            {isWhole ? <Typed preview={preview} currency={currency} /> : <Text size="sm">{t('preview.invalid')}</Text>}
          </div>
        </Stack>
      ) : (
        <Text size="sm">{t('stand.notYet', { at: absoluteText(Date.parse(notBefore)) })}</Text>
      )}
    </Paper>
  );
}

function Placed({ queue, round, currency }: Place & { currency: string }) {
  const { data, error } = useRead('/v1/queues/{queue}/rounds/{round}/provider-feedback', { path: { queue, round } });
  if (data === undefined) return error === null ? null : <Text size="sm">{told(error).text}</Text>;
  return (
    <div>
      <Group gap="xs" mb={4}>
        <Badge
          color={data.inTheRunning ? 'green' : 'yellow'}
          className={data.inTheRunning ? 'badge-good' : 'badge-warning'}
        >
          {t(data.inTheRunning ? 'stand.in' : 'stand.out')}
        </Badge>
        <Text size="xs" c="dimmed" component="span">
          {t('stand.asOf', { at: '' })} <When iso={data.provisionalAt} />
        </Text>
      </Group>
      <Text size="sm">
        {data.inTheRunning
          ? t('stand.in.text', { volume: data.volume, tier: data.tier })
          : `${t(`stand.band.${data.rankBand}`)} ${toWin(data.priceToWinMicros, currency)}`}
      </Text>
    </div>
  );
}

const toWin = (micros: number | null, currency: string): string =>
  micros === null ? t('stand.noPrice') : t('stand.toWin', { price: moneyText(micros, currency, { exact: true }) });

function Typed({ preview: { data, error }, currency }: { preview: Props['preview']; currency: string }) {
  if (data === undefined) return <Text size="sm">{error === null ? '…' : told(error).text}</Text>;
  return (
    <Text size="sm">
      <Text span fw={600} className={data.inTheRunning ? 'good' : undefined}>
        {t(`preview.${data.standing}`)}
      </Text>
      {data.inTheRunning
        ? `. ${t('preview.volume', { from: data.volumeFrom, to: data.volumeTo })}`
        : `. ${toWin(data.priceToWinMicros, currency)}`}
    </Text>
  );
}
