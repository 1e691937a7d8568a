/** The close of one month as a checklist, its approval, and its invoices with why each differs. */
import { Checkbox, Progress, Text, Timeline } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Close } from '../../../../shared/close/close.ts';
import { useAct, usePages, useRead } from '../../api/use-api.ts';
import { usePathParam, useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, When } from '../../ui/values.tsx';
import { t } from '../closes/messages.en.ts';
import { CLOSE_STATES, STEPS } from '../closes/states.ts';
import { Section } from '../finance-parts/section.tsx';
import { closeInvoiceColumns } from './columns.tsx';

/** A close that goes on by itself is looked at again so often. */
const LOOK_MS = 5_000;

const LIST = { href: '/closes', title: t('title') };

export default function CloseMonth() {
  const period = usePathParam('period');
  const close = useRead('/v1/closes/{period}', { path: { period } }, { refreshMs: LOOK_MS });
  return (
    <QueryState of={close} isPage back={LIST}>
      {(of) => (
        <>
          <PageHeader
            title={t('close', { month: monthText(period) })}
            back={LIST}
            status={<StatusBadge state={of.state} states={CLOSE_STATES} />}
            actions={of.state === 'approve' && <Approve of={of} />}
          />
          <Standing of={of} />
          <Checklist of={of} />
          <Invoices period={period} />
        </>
      )}
    </QueryState>
  );
}

const amounts = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .map(([currency, micros]) => moneyText(micros, currency))
    .join(', ') || '–';

function Standing({ of: { counts, invoicesLeft, invoicesHeld } }: { of: Close }) {
  return (
    <Figures>
      <Figure name={t('companies')}>
        <Count value={counts.companies} />
      </Figure>
      <Figure
        name={t('invoices')}
        note={
          <>
            {invoicesLeft !== null && t('invoices.left', { count: invoicesLeft })}
            {invoicesHeld > 0 && `, ${t('invoices.held', { count: invoicesHeld })}`}
          </>
        }
      >
        <Count value={counts.invoices} />
      </Figure>
      <Figure name={t('invoiced')} note={t('invoiced.note')}>
        {amounts(counts.invoicedMicros)}
      </Figure>
      <Figure
        name={t('carried')}
        note={t('carried.note', {
          below: counts.belowFloor,
          credit: counts.creditBalance,
          nothing: counts.nothing,
        })}
      >
        {amounts(counts.carriedMicros)}
      </Figure>
    </Figures>
  );
}

function Checklist({ of: { steps, state } }: { of: Close }) {
  const done = STEPS.filter((step) => steps[step]?.doneAt != null).length;
  return (
    <Section title={t('checklist')}>
      {state !== 'done' && <Progress value={(100 * done) / STEPS.length} mb="md" aria-label={t('progress')} />}
      <Timeline active={done - 1} bulletSize={20} lineWidth={2}>
        {STEPS.map((step) => {
          const { startedAt, doneAt, by, waitsFor } = steps[step] ?? NOTHING;
          return (
            <Timeline.Item
              key={step}
              title={t(`step.${step}`)}
              bullet={doneAt === null ? null : <IconCheck size={12} aria-hidden="true" />}
            >
              <Text size="sm" c="dimmed">
                {by !== null && (
                  <>
                    <PersonName id={by} />,{' '}
                  </>
                )}
                <When iso={doneAt ?? startedAt} show="absolute" />
              </Text>
              {waitsFor !== null && <Text size="sm">{waitsFor}</Text>}
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Section>
  );
}
const NOTHING = { startedAt: null, doneAt: null, by: null, waitsFor: null };

function Approve({ of: { period, counts } }: { of: Close }) {
  const approve = useAct('post', '/v1/closes/{period}/approve');
  const month = monthText(period);
  if (!useMay('market.finance')) return null;
  return (
    <ConfirmButton
      label={t('approve')}
      title={t('approve.title', { month })}
      consequence={t('approve.text', { count: counts.invoices, amount: amounts(counts.invoicedMicros) })}
      act={() => approve.mutateAsync({ path: { period } })}
      done={t('approved')}
    />
  );
}

function Invoices({ period }: { period: string }) {
  const [{ left }, set] = useUrlState({ left: '' });
  const query = { limit: 100, ...(left === '' ? {} : { left: 'true' }) };
  const invoices = usePages('/v1/closes/{period}/invoices', { path: { period }, query });
  return (
    <Section
      title={t('list')}
      lead={t('list.lead')}
      actions={
        <Checkbox
          label={t('onlyLeft')}
          checked={left !== ''}
          onChange={(event) => set({ left: event.currentTarget.checked ? 'true' : '' })}
        />
      }
    >
      <PagedTable
        caption={t('list.caption')}
        columns={closeInvoiceColumns}
        pages={invoices}
        rowKey={({ invoice }) => invoice.id}
        rowHref={({ invoice }) => `/invoices/${invoice.id}`}
        empty={{ title: t('list.empty'), text: t('list.empty.text') }}
      />
    </Section>
  );
}
