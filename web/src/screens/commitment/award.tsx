/** What the round awarded: price, saving, and who serves it. */
import { Group, Progress, Stack, Text, Title } from '@mantine/core';
import type { CompanyAward } from '../../../../shared/award/award.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { countText, moneyText, percentText } from '../../ui/format.ts';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { Empty } from '../../ui/states.tsx';
import { Count, Money, Percent, Saving } from '../../ui/values.tsx';
import { useReputation } from '../company-parts/reputation.ts';
import { TakeOff } from '../company-parts/take-off.tsx';
import { t } from './messages.en.ts';

type Props = { award: CompanyAward; currency: string };

export function Award({ award, currency }: Props) {
  const { awarded, committed, unitPriceMicros, standalonePriceMicros, dearerRequests } = award;
  if (awarded === 0) return <Empty title={t('award.nothing')} text={t('award.nothing.text')} />;
  const saved = standalonePriceMicros === null ? null : savedMicros(award, standalonePriceMicros);
  return (
    <Stack>
      <Title order={2}>{t('award.title')}</Title>
      <Figures>
        <Figure
          name={t('award.price')}
          note={dearerRequests === 0 ? t('award.price.note') : t('award.dearer', { count: dearerRequests })}
        >
          <Money micros={unitPriceMicros} currency={currency} exact />
        </Figure>
        <Figure name={t('award.alone')}>
          <Money micros={standalonePriceMicros} currency={currency} exact />
        </Figure>
        <Figure
          name={t('award.saving')}
          note={saved === null ? undefined : t('award.saving.note', { saved: moneyText(saved, currency) })}
        >
          <Saving micros={unitPriceMicros} aloneMicros={standalonePriceMicros} />
        </Figure>
        <Figure name={t('award.volume')} note={t('award.volume.note', { committed })}>
          <FigureLink href={`/requests?queue=${award.queue}&round=${award.round}`} what={t('award.requests')}>
            {countText(awarded)}
          </FigureLink>
        </Figure>
      </Figures>
      <Text>
        {t('award.total')} <Money micros={award.totalMicros} currency={currency} />.
        {award.releaseCreditMicros > 0 && (
          <>
            {' '}
            {t('award.credit')} <Money micros={award.releaseCreditMicros} currency={currency} />.
          </>
        )}
      </Text>
      <Providers award={award} />
    </Stack>
  );
}

/** Against the same volume at the standalone price; in micro-units. */
const savedMicros = (award: CompanyAward, alone: number): number =>
  Number(BigInt(alone) * BigInt(award.awarded) - BigInt(award.totalMicros));

type Share = CompanyAward['byProvider'][number];

function Providers({ award }: { award: CompanyAward }) {
  const withdrawals = useRead('/v1/withdrawals').data?.items ?? [];
  const off = new Set(withdrawals.filter(({ queue }) => queue === award.queue).map(({ provider }) => provider));
  const mayAct = useMay('company.admin');
  const columns: Column<Share>[] = [
    { key: 'provider', header: t('providers.provider'), cell: ({ provider }) => <OrganisationLink id={provider} /> },
    {
      key: 'volume',
      header: t('providers.volume'),
      isNumber: true,
      cell: ({ volume }) => <Count value={volume} />,
    },
    {
      key: 'share',
      header: t('providers.share'),
      cell: ({ volume }) => <ShareBar bps={Math.round((10_000 * volume) / award.awarded)} />,
    },
    {
      key: 'quality',
      header: t('providers.quality'),
      isNumber: true,
      cell: ({ provider }) => <Quality provider={provider} />,
    },
    {
      key: 'act',
      header: t('providers.column.act'),
      isNumber: true,
      cell: ({ provider }) =>
        off.has(provider) ? (
          <Text span c="dimmed">
            {t('providers.off')}
          </Text>
        ) : mayAct ? (
          <TakeOff queue={award.queue} provider={provider} />
        ) : null,
    },
  ];
  return (
    <section>
      <Title order={3} mb="xs">
        {t('providers.title')}
      </Title>
      <DataTable
        caption={t('providers.caption')}
        columns={columns}
        rows={award.byProvider}
        rowKey={({ provider }) => provider}
      />
    </section>
  );
}

function ShareBar({ bps }: { bps: number }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress value={bps / 100} w={80} aria-hidden="true" />
      <span className="number">{percentText(bps)}</span>
    </Group>
  );
}

const Quality = ({ provider }: { provider: string }) => <Percent bps={useReputation(provider)?.qualityBps ?? null} />;
