/** A finished practice month: from requests to invoice, dispute and payout. */
import { Alert, Group, Stack, Text, Timeline } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { ACCOUNTS } from '../../../../shared/ledger/ledger.ts';
import { type MonthStep, type PracticeMonth, practiceMonth } from '../../../../shared/sandbox/month.ts';
import { useSignedIn } from '../../auth/session.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Count, Money } from '../../ui/values.tsx';
import { ENTRY_KINDS } from '../finance-parts/entry-kinds.messages.en.ts';
import { Section } from '../finance-parts/section.tsx';
import { type Line, linesOf } from './lines.ts';
import { t } from './messages.en.ts';

export default function SandboxMonth() {
  const { organisation } = useSignedIn();
  const month = practiceMonth(organisation ?? 'co_0000');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} back={{ href: '/sandbox', title: t('back') }} />
      <Alert variant="default" icon={<IconFlask />} title={t('notice.title')} mb="lg">
        {t('notice.text')}
      </Alert>
      <Overview of={month} />
      <Stack gap="xl">
        <Lines of={month} />
        <Happened of={month} />
        <Entries of={month} />
        <Balances of={month} />
      </Stack>
    </>
  );
}

function Overview({ of: { counts, currency, ...of } }: { of: PracticeMonth }) {
  const money = (micros: number) => <Money micros={micros} currency={currency} />;
  return (
    <Figures>
      <Figure
        name={t('figure.invoiced')}
        note={t('figure.invoiced.note', { count: counts.confirmed + counts.assumed, late: counts.late })}
      >
        {money(of.invoicedMicros)}
      </Figure>
      <Figure name={t('figure.notBilled')} note={t('figure.notBilled.note')}>
        <Count value={counts.notBilled} />
      </Figure>
      <Figure name={t('figure.dispute')} note={t('figure.dispute.note')}>
        {money(of.disputedMicros)}
      </Figure>
      <Figure name={t('figure.paid')}>{money(of.paidMicros)}</Figure>
      <Figure name={t('figure.payout')}>{money(of.payoutMicros)}</Figure>
      <Figure name={t('figure.fee')}>{money(of.feeMicros)}</Figure>
    </Figures>
  );
}

function Lines({ of }: { of: PracticeMonth }) {
  const money = (key: 'each' | 'provider' | 'fee' | 'sum', pick: (line: Line) => number | null): Column<Line> => ({
    key,
    header: t(`column.${key}`),
    isNumber: true,
    cell: (line) => <Money micros={pick(line)} currency={of.currency} exact />,
  });
  return (
    <Section title={t('lines.title')}>
      <DataTable
        caption={t('lines.caption')}
        rows={linesOf(of)}
        rowKey={({ what }) => what}
        columns={[
          { key: 'what', header: t('column.what'), cell: ({ what }) => t(`line.${what}`) },
          { key: 'count', header: t('column.count'), isNumber: true, cell: ({ count }) => <Count value={count} /> },
          money('each', ({ eachMicros }) => eachMicros),
          money('provider', ({ providerMicros }) => providerMicros),
          money('fee', ({ feeMicros }) => feeMicros),
          money('sum', ({ sumMicros }) => sumMicros),
        ]}
      />
    </Section>
  );
}

function Happened({
  of: { currency, invoicedMicros, disputedMicros, paidMicros, payoutMicros },
}: {
  of: PracticeMonth;
}) {
  const steps = [
    ['step.invoice', invoicedMicros],
    ['step.dispute', disputedMicros],
    ['step.accepted', disputedMicros],
    ['step.paid', paidMicros],
    ['step.payout', payoutMicros],
  ] as const;
  return (
    <Section title={t('steps.title')}>
      <Timeline active={steps.length} bulletSize={16} lineWidth={2}>
        {steps.map(([text, micros]) => (
          <Timeline.Item key={text}>
            <Text>{t(text, { money: moneyText(micros, currency) })}</Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Section>
  );
}

function Entries({ of: { steps, currency } }: { of: PracticeMonth }) {
  const columns: readonly Column<MonthStep>[] = [
    { key: 'entry', header: t('column.entry'), cell: ({ kind }) => ENTRY_KINDS[kind] },
    { key: 'times', header: t('column.times'), isNumber: true, cell: ({ count }) => <Count value={count} /> },
    {
      key: 'legs',
      header: t('column.legs'),
      cell: ({ legs }) => (
        <div>
          {legs.map(({ account, micros }) => (
            <Group key={`${account} ${micros}`} justify="space-between" gap="lg" wrap="nowrap">
              <span>
                {account} {ACCOUNTS[account].name}
              </span>
              <Money micros={micros} currency={currency} exact />
            </Group>
          ))}
        </div>
      ),
    },
  ];
  return (
    <Section title={t('entries.title')} lead={t('entries.lead')}>
      <DataTable
        caption={t('entries.caption')}
        rows={steps}
        rowKey={({ kind, count }) => `${kind} ${count}`}
        columns={columns}
      />
    </Section>
  );
}

function Balances({ of: { balances, currency } }: { of: PracticeMonth }) {
  return (
    <Section title={t('balances.title')} lead={t('balances.lead')}>
      <DataTable
        caption={t('balances.caption')}
        rows={balances.filter(({ micros }) => micros !== 0)}
        rowKey={({ account }) => account}
        columns={[
          { key: 'account', header: t('column.account'), cell: ({ account, name }) => `${account} ${name}` },
          {
            key: 'balance',
            header: t('column.balance'),
            isNumber: true,
            cell: ({ micros }) => <Money micros={micros} currency={currency} exact />,
          },
        ]}
      />
    </Section>
  );
}
