/** What a dispute is about: its amounts on each side that one sees, its reason, what was said in it. */
import { Text, Timeline } from '@mantine/core';
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { ownPart } from '../../ui/reference.tsx';
import { Money, When } from '../../ui/values.tsx';
import { invoiceText } from '../finance-parts/entry-text.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { t as common } from '../finance-parts/messages.en.ts';
import { Section } from '../finance-parts/section.tsx';
import { QueueInLine } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

type Amounts = DisputeView['amounts'][number];

export function DisputeAmounts({ of: { amounts, currency } }: { of: DisputeView }) {
  const money = (key: 'whole' | 'claimed' | 'offered' | 'givenBack', pick: (side: Amounts) => number | null) => ({
    key,
    header: t(`amounts.${key}`),
    isNumber: true,
    cell: (side: Amounts) => <Money micros={pick(side)} currency={currency} exact />,
  });
  const columns: readonly Column<Amounts>[] = [
    { key: 'side', header: t('amounts.side'), cell: ({ means }) => t(`amounts.${means}`) },
    money('whole', ({ wholeMicros }) => wholeMicros),
    money('claimed', ({ claimedMicros }) => claimedMicros),
    money('offered', ({ offeredMicros }) => offeredMicros),
    money('givenBack', ({ givenBackMicros }) => givenBackMicros),
  ];
  return (
    <Section title={t('amounts.title')}>
      <DataTable caption={t('amounts.caption')} columns={columns} rows={amounts} rowKey={({ means }) => means} />
    </Section>
  );
}

type FactsProps = {
  of: DisputeView;
  /** Where the charge, the invoice and the credit note open, for who may see them. */
  hrefs: { charge?: string; invoice?: string; creditNote?: string };
};

export function DisputeFacts({ of, hrefs }: FactsProps) {
  return (
    <Facts>
      <Fact name={t('fact.reason')}>{common(`reason.${of.reason.code}`)}</Fact>
      <Fact name={t('fact.wants')}>{t(`fact.wants.${of.wants}`)}</Fact>
      <Fact name={t('fact.request')}>
        <Linked href={hrefs.charge}>{ownPart(of.request)}</Linked>
      </Fact>
      <Fact name={t('fact.queue')}>
        <QueueInLine id={of.queue} round={of.round} />
      </Fact>
      <Fact name={t('fact.provider')}>
        <OrganisationLink id={of.provider} />
      </Fact>
      <Fact name={t('fact.company')}>
        <OrganisationLink id={of.company} />
      </Fact>
      <Fact name={t('fact.settled')}>
        <When iso={of.settledAt} show="absolute" />
      </Fact>
      {of.invoice !== null && (
        <Fact name={t('fact.invoice')}>
          <Linked href={hrefs.invoice}>{invoiceText(of.invoice)}</Linked>
        </Fact>
      )}
      {of.creditNote !== null && (
        <Fact name={t('fact.creditNote')}>
          <span title={of.creditNote}>
            <Linked href={hrefs.creditNote}>{t('fact.creditNote.made')}</Linked>
          </span>
        </Fact>
      )}
    </Facts>
  );
}

const Linked = ({ href, children }: { href: string | undefined; children: string }) =>
  href === undefined ? children : <Go href={href}>{children}</Go>;

export function DisputeSteps({ of: { openedAt, reason, answer, ended, resolvedAt } }: { of: DisputeView }) {
  const steps = [
    { title: t('steps.opened'), text: reason.text, at: openedAt },
    ...(answer === null ? [] : [{ title: t(`steps.answer.${answer.kind}`), text: answer.statement, at: answer.at }]),
    ...(ended === null ? [] : [{ title: t(`steps.ended.${ended.side}`), text: ended.reason, at: ended.at }]),
    ...(resolvedAt === null ? [] : [{ title: t('steps.resolved'), text: '', at: resolvedAt }]),
  ];
  return (
    <Section title={t('steps.title')}>
      <Timeline active={steps.length - 1} bulletSize={16} lineWidth={2}>
        {steps.map(({ title, text, at }) => (
          <Timeline.Item key={`${title} ${at}`} title={title}>
            {text !== '' && <Text style={{ overflowWrap: 'anywhere' }}>{text}</Text>}
            <Text size="sm" c="dimmed">
              <When iso={at} show="absolute" />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Section>
  );
}
