/** One provider's pay as the market's finance sees it. */
import { List, Text } from '@mantine/core';
import type { PayoutAccount, PayoutProfile } from '../../../../shared/payout/account.ts';
import { useName } from '../../api/names.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { percentText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Money, When } from '../../ui/values.tsx';
import { addressText } from '../finance-parts/address.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { AccountFacts, AccountState } from '../payout-profile/account-facts.tsx';
import { t as profileText } from '../payout-profile/messages.en.ts';
import { runText } from '../payout-runs/run-name.ts';
import { payoutColumns } from '../payouts/columns.tsx';
import { t } from './messages.en.ts';

export default function ProviderMoney() {
  const provider = usePathParam('organisation');
  const path = { organisation: provider };
  const pay = useRead('/v1/organisations/{organisation}/payout-profile', { path });
  const payouts = usePages('/v1/organisations/{organisation}/payouts', { path, query: { limit: 100 } });
  return (
    <>
      <PageHeader
        title={useName('organisations', provider) ?? provider}
        lead={t('lead')}
        back={{ href: '/payout-runs', title: t('runs') }}
        {...(pay.data === undefined ? {} : { status: <AccountState of={pay.data.account} /> })}
        actions={<Go href="/provider-debts">{t('debts')}</Go>}
      />
      <Payable provider={provider} />
      <QueryState of={pay}>
        {({ profile, account }) => (
          <>
            <Account of={account} />
            <Section title={t('profile')}>
              {profile === null ? <Text c="dimmed">{t('profile.none')}</Text> : <Profile of={profile} />}
            </Section>
          </>
        )}
      </QueryState>
      <Section title={t('payouts')}>
        <PagedTable
          caption={t('payouts.caption')}
          columns={[{ key: 'run', header: t('run'), cell: ({ run }) => runText(run) }, ...payoutColumns]}
          pages={payouts}
          rowKey={({ id }) => id}
          rowHref={({ run }) => `/payout-runs/${run}`}
          empty={{ title: t('payouts.empty'), text: t('payouts.empty.text') }}
        />
      </Section>
    </>
  );
}

/** What its account in the ledger stands at, which opens to each entry. */
function Payable({ provider }: { provider: string }) {
  const month = useMonth();
  const { period, currency } = month;
  const query = { period, currency, owner: provider, limit: 1 };
  const { data } = useRead('/v1/accounts/{account}/history', { path: { account: '2100' }, query });
  return (
    <>
      <MonthFilter of={month} />
      <Figures>
        <Figure name={t('payable')}>
          <FigureLink
            href={`/accounts/2100?${new URLSearchParams({ period, currency, owner: provider })}`}
            what={t('payable.open')}
          >
            {/* What is owed stands on the credit side, below nothing. */}
            <Money micros={data === undefined ? null : -data.closingMicros} currency={currency} />
          </FigureLink>
        </Figure>
      </Figures>
    </>
  );
}

const Account = ({ of }: { of: PayoutAccount }) => (
  <Section title={t('account')}>
    {of.needs.length > 0 && (
      <>
        <Text>{t('needs')}</Text>
        <List mb="sm">
          {of.needs.map((need) => (
            <List.Item key={need}>{need}</List.Item>
          ))}
        </List>
      </>
    )}
    <AccountFacts of={of}>
      <Fact name={t('id')}>{of.account ?? '–'}</Fact>
    </AccountFacts>
  </Section>
);

const Profile = ({ of }: { of: PayoutProfile }) => (
  <Facts>
    <Fact name={t('legalName')}>{of.legalName}</Fact>
    <Fact name={profileText('entity')}>{profileText(`entity.${of.entityType}`)}</Fact>
    <Fact name={t('address')}>{addressText(of.address)}</Fact>
    <Fact name={t('email')}>{of.contactEmail}</Fact>
    <Fact name={t('taxId')}>{of.taxId?.value ?? '–'}</Fact>
    <Fact name={profileText('regime')}>
      {profileText(`regime.${of.vatRegime}`)}
      {of.vatRegime === 'domestic' && ` (${percentText(of.vatRateBps)})`}
    </Fact>
    <Fact name={t('changed')}>
      <When iso={of.updatedAt} show="absolute" />
    </Fact>
  </Facts>
);
