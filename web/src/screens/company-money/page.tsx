/** One company's money as the market's finance sees it. */
import { Alert, Text } from '@mantine/core';
import type { AccountCode } from '../../../../shared/ledger/ledger.ts';
import { useName } from '../../api/names.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Money, When } from '../../ui/values.tsx';
import { CreditBar } from '../finance-parts/credit-bar.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { ofCompany } from '../invoice-parts/columns.tsx';
import { EndOfAccount } from './account-end.tsx';
import { t } from './messages.en.ts';
import { ProfileOf } from './profile.tsx';

export default function CompanyMoney() {
  const company = usePathParam('organisation');
  const path = { organisation: company };
  const invoices = usePages('/v1/organisations/{organisation}/invoices', { path, query: { limit: 100 } });
  return (
    <>
      <PageHeader
        title={useName('organisations', company) ?? company}
        lead={t('lead')}
        back={{ href: '/operator/organisations', title: t('organisations') }}
      />
      <Standings company={company} />
      <Credit company={company} />
      <Section title={t('invoices')}>
        <PagedTable
          caption={t('invoices.caption')}
          columns={ofCompany}
          pages={invoices}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/invoices/${id}`}
          empty={{ title: t('invoices.empty'), text: t('invoices.empty.text') }}
        />
      </Section>
      <ProfileOf company={company} />
      <EndOfAccount company={company} />
    </>
  );
}

const STANDINGS = ['1100', '2200'] as const satisfies readonly AccountCode[];

function Standings({ company }: { company: string }) {
  const month = useMonth();
  return (
    <Section title={t('standings')}>
      <MonthFilter of={month} />
      <Figures>
        {STANDINGS.map((account) => (
          <Standing key={account} company={company} account={account} month={month} />
        ))}
      </Figures>
    </Section>
  );
}

type OfAccount = { company: string; account: (typeof STANDINGS)[number]; month: ReturnType<typeof useMonth> };

function Standing({ company, account, month: { period, currency } }: OfAccount) {
  const query = { period, currency, owner: company, limit: 1 };
  const { data } = useRead('/v1/accounts/{account}/history', { path: { account }, query });
  const at = new URLSearchParams({ period, currency, owner: company });
  // Credit stands on the credit side, below nothing.
  const micros = data === undefined ? null : account === '2200' ? -data.closingMicros : data.closingMicros;
  return (
    <Figure name={t(`standing.${account}`)}>
      <FigureLink href={`/accounts/${account}?${at}`} what={t('ledger')}>
        <Money micros={micros} currency={currency} />
      </FigureLink>
    </Figure>
  );
}

function Credit({ company }: { company: string }) {
  const credit = useRead('/v1/organisations/{organisation}/credit', { path: { organisation: company } });
  return (
    <Section title={t('credit')}>
      <QueryState of={credit}>
        {({ exposure, pause }) => (
          <>
            {pause !== null && (
              <Alert color="red" variant="default" title={t('paused')} mb="md">
                {pause.reasons.map((reason) => t(`pause.${reason}`)).join(' ')} {pause.detail} ({t('pause.since')}{' '}
                <When iso={pause.since} show="absolute" />)
              </Alert>
            )}
            <CreditBar of={exposure} currency="USD" />
            <Text size="sm" c="dimmed" mt="sm">
              {t('credit.limit')}
            </Text>
          </>
        )}
      </QueryState>
    </Section>
  );
}
