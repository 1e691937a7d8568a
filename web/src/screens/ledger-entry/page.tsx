/** One entry of the ledger with all its legs, and the way to correct it. */
import { Code, Group, Text } from '@mantine/core';
import type { Facts as EntryFacts, EntryView } from '../../../../shared/ledger/ledger.ts';
import { useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { monthText } from '../../ui/months.ts';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Money, When } from '../../ui/values.tsx';
import { hrefOfEntry } from '../finance-parts/entry-href.ts';
import { ENTRY_KINDS } from '../finance-parts/entry-kinds.messages.en.ts';
import { invoiceText } from '../finance-parts/entry-text.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from '../ledger/messages.en.ts';
import { Legs } from '../money-parts/legs.tsx';

const LIST = { href: '/ledger', title: t('title') };

export default function LedgerEntry() {
  const [{ event }] = useUrlState({ event: '' });
  const entry = useRead('/v1/ledger-entry', { query: { event } });
  return (
    <QueryState of={entry} isPage back={LIST}>
      {(of) => <Entry of={of} />}
    </QueryState>
  );
}

function Entry({ of }: { of: EntryView }) {
  const { event, kind, period, occurredAt, currency, legs } = of;
  const about = hrefOfEntry(of, 'market');
  return (
    <>
      <PageHeader title={ENTRY_KINDS[kind]} back={LIST} actions={useMay('market.finance') && <Corrections of={of} />} />
      <Facts>
        <Fact name={t('fact.event')}>
          <Code style={{ overflowWrap: 'anywhere' }}>{event}</Code>
        </Fact>
        <Fact name={t('period')}>{monthText(period)}</Fact>
        <Fact name={t('occurred')}>
          <When iso={occurredAt} show="absolute" />
        </Fact>
        {about !== null && (
          <Fact name={t('about')}>
            <Go href={about}>{t('about.open')}</Go>
          </Fact>
        )}
      </Facts>
      <br />
      <Section title={t('legs')} lead={t('legs.lead')}>
        {legs.length === 0 ? (
          <Text c="dimmed">{t('legs.none')}</Text>
        ) : (
          <Legs legs={legs} currency={currency} period={period} />
        )}
      </Section>
      <Section title={t('facts')} lead={t('facts.lead')}>
        <Facts>
          {Object.entries(of.facts).map(([name, value]) => (
            <Fact key={name} name={wordsOf(name)}>
              <FactValue name={name} value={value} currency={currency} />
            </Fact>
          ))}
        </Facts>
      </Section>
    </>
  );
}

/** `approvedBy` as ‘approved by’, `priceMicros` as ‘price’. */
const wordsOf = (name: string): string =>
  name.replace(/Micros$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Amounts as money, people by their names; the rest as it was written down. */
function FactValue({
  name,
  value,
  currency,
}: {
  name: string;
  value: EntryFacts[string] | undefined;
  currency: string;
}) {
  if (typeof value === 'number' && name.endsWith('Micros')) return <Money micros={value} currency={currency} exact />;
  if (typeof value === 'string' && PEOPLE.includes(name)) return <PersonName id={value} />;
  if ((name === 'company' || name === 'provider') && typeof value === 'string') return <OrganisationName id={value} />;
  if (typeof value === 'string' && name === 'invoice') return <Go href={`/invoices/${value}`}>{invoiceText(value)}</Go>;
  return <span style={{ overflowWrap: 'anywhere' }}>{value === null ? '–' : String(value)}</span>;
}
const PEOPLE: readonly string[] = ['proposedBy', 'approvedBy', 'madeBy', 'by'];

function Corrections({ of: { event, currency } }: { of: EntryView }) {
  const at = (kind: string) => `/adjustments/new?${new URLSearchParams({ adjusts: event, kind, currency })}`;
  return (
    <Group gap="xs">
      <LinkButton variant="default" href={at('reversal')}>
        {t('reverse')}
      </LinkButton>
      <LinkButton href={at('adjustment')}>{t('correct')}</LinkButton>
    </Group>
  );
}
