/** What became of a round's requests and money. */
import { Button, Grid, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { RoundReport } from '../../../../shared/round/report.ts';
import { call } from '../../api/call.ts';
import { saveBlob } from '../../api/file.ts';
import { useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { Count, Money } from '../../ui/values.tsx';
import { useQueue, useQueueName } from '../market-parts/queues.tsx';
import { ROUND_STATES } from '../market-parts/round-state.ts';
import { inParts } from '../round/parts.ts';
import { t } from './messages.en.ts';

export default function OperatorRound() {
  const queue = usePathParam('queue');
  const round = Number(usePathParam('round'));
  const name = useQueueName(queue);
  const currency = useQueue(queue)?.currency ?? 'USD';
  const audits = useMay('market.operator');
  const report = useRead('/v1/queues/{queue}/rounds/{round}/report', { path: { queue, round } });
  return (
    <>
      <PageHeader
        title={t('title', { queue: name, round })}
        back={{ href: '/operator/rounds', title: t('back') }}
        {...(report.data === undefined
          ? {}
          : { status: <StatusBadge state={report.data.state} states={ROUND_STATES} /> })}
        actions={audits && <SealedFile queue={queue} round={round} />}
      />
      <QueryState of={report}>{(found) => <Report report={found} currency={currency} />}</QueryState>
    </>
  );
}

const COUNTS = [
  'accepted',
  'bySlot',
  'byOverflow',
  'unserved',
  'cancelled',
  'linked',
  'attempted',
  'charged',
  'confirmed',
  'assumed',
  'reopened',
  'rejected',
  'withinSla',
] as const;
const SUMS = ['chargedMicros', 'fullPriceMicros', 'poolMicros'] as const;
const ROUND_SUMS = ['shortfallMicros', 'releaseCreditMicros', 'trueUpMicros'] as const;

function Report({ report, currency }: { report: RoundReport; currency: string }) {
  const { totals, figures, companiesFinal, companiesOpen, trueUpMicros } = report;
  const money = (micros: number) => moneyText(micros, currency);
  const sums = [
    ...SUMS.map((key) => ({ key, micros: totals[key] })),
    ...ROUND_SUMS.map((key) => ({ key, micros: report[key] })),
  ];
  return (
    <Stack gap="lg">
      <Figures>
        <Figure name={t('figure.companies')} note={t('figure.companies.note', { open: companiesOpen })}>
          <Count value={companiesFinal} />
        </Figure>
        <Figure
          name={t('figure.accepted')}
          note={t('figure.accepted.note', { charged: totals.charged, unserved: totals.unserved })}
        >
          <Count value={totals.accepted} />
        </Figure>
        <Figure
          name={t('figure.charged')}
          {...(figures === null ? {} : { note: t('figure.charged.note', { worth: money(figures.billingsMicros) }) })}
        >
          <Money micros={totals.chargedMicros} currency={currency} />
        </Figure>
        <Figure name={t('figure.trueUp')} note={t(trueUpMicros < 0 ? 'figure.trueUp.minus' : 'figure.trueUp.plus')}>
          <Money micros={trueUpMicros} currency={currency} />
        </Figure>
      </Figures>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Title order={2} mb="sm">
            {t('requests.title')}
          </Title>
          <DataTable
            caption={t('requests.caption')}
            rows={COUNTS}
            rowKey={(key) => key}
            columns={[
              { key: 'what', header: t('column.what'), cell: (key) => t(key) },
              {
                key: 'count',
                header: t('column.count'),
                isNumber: true,
                cell: (key) => <Count value={totals[key]} />,
              },
            ]}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Title order={2} mb="sm">
            {t('money.title')}
          </Title>
          <DataTable
            caption={t('money.caption')}
            rows={sums}
            rowKey={({ key }) => key}
            columns={[
              { key: 'what', header: t('column.what'), cell: ({ key }) => t(key) },
              {
                key: 'amount',
                header: t('column.amount'),
                isNumber: true,
                cell: ({ micros }) => <Money micros={micros} currency={currency} exact />,
              },
            ]}
          />
          <Text size="sm" c="dimmed" mt="sm">
            {t('sealed.note')}
          </Text>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** The auditor's file; put together where it comes in parts. */
async function sealedText(path: { queue: string; round: number }): Promise<string> {
  const read = (query: { chunk?: number }) =>
    call('get', '/v1/queues/{queue}/rounds/{round}/sealed-file', { path, query });
  try {
    return JSON.stringify(await read({}), null, 2);
  } catch (error) {
    if (!(error instanceof ParleyProblem) || error.code !== 'file_in_parts') throw error;
    return inParts(Number(error.problem.chunks), (chunk) => read({ chunk }));
  }
}

function SealedFile({ queue, round }: { queue: string; round: number }) {
  const [isSaving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      const text = await sealedText({ queue, round });
      saveBlob(`${queue}-round-${round}-sealed.json`, new Blob([text], { type: 'application/json' }));
    } catch (error) {
      sayFailed(t('sealed.failed'), error);
    }
    setSaving(false);
  };
  return (
    <Button variant="default" leftSection={<IconDownload size={16} />} loading={isSaving} onClick={() => void save()}>
      {t('sealed')}
    </Button>
  );
}
