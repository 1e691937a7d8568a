/** Looks into the ledger: an account of anybody, or one entry. */
import { Button, Grid, Group, NativeSelect, Paper, Stack, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ACCOUNTS, type AccountCode } from '../../../../shared/ledger/ledger.ts';
import { useGo } from '../../app/navigate.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { hrefOfLedger } from '../money-parts/hrefs.ts';
import { accountText } from '../money-parts/legs.tsx';
import { PartySelect } from '../money-parts/party-select.tsx';
import { t } from './messages.en.ts';

const CODES = Object.keys(ACCOUNTS) as AccountCode[];

export default function Ledger() {
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <OneAccount />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <OneEntry />
        </Grid.Col>
      </Grid>
    </>
  );
}

function OneAccount() {
  const month = useMonth();
  const go = useGo();
  const [account, setAccount] = useState<AccountCode>('1100');
  const [owner, setOwner] = useState('');
  const kind = ACCOUNTS[account].of;
  const at = new URLSearchParams({ period: month.period, currency: month.currency });
  const open = (event: FormEvent) => {
    event.preventDefault();
    if (owner.trim() !== '') at.set('owner', owner.trim());
    go(`/accounts/${account}?${at}`);
  };
  return (
    <Paper p="md" component="section">
      <Title order={2} mb="sm">
        {t('account.title')}
      </Title>
      <form onSubmit={open}>
        <MonthFilter of={month} />
        <Stack>
          <NativeSelect
            label={t('account')}
            value={account}
            onChange={(event) => {
              setAccount(event.currentTarget.value as AccountCode);
              setOwner('');
            }}
            data={CODES.map((code) => ({ value: code, label: accountText(code) }))}
          />
          {kind === 'company' || kind === 'provider' ? (
            <PartySelect
              kind={kind}
              label={t(`owner.${kind}`)}
              description={t('owner.all')}
              value={owner === '' ? null : owner}
              onChange={(id) => setOwner(id ?? '')}
            />
          ) : kind === 'market' ? null : (
            <TextInput
              label={t(`owner.${kind}`)}
              description={`${t(`owner.${kind}.hint`)}. ${t('owner.all')}.`}
              value={owner}
              onChange={(event) => setOwner(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end">
            {kind !== 'market' && (
              <LinkButton variant="default" href={`/accounts/${account}/owners?${at}`}>
                {t('account.owners')}
              </LinkButton>
            )}
            <Button type="submit">{t('account.open')}</Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function OneEntry() {
  const go = useGo();
  const [event, setEvent] = useState('');
  return (
    <Paper p="md" component="section">
      <Title order={2} mb="sm">
        {t('event.title')}
      </Title>
      <form
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (event.trim() !== '') go(hrefOfLedger(event.trim()));
        }}
      >
        <Stack>
          <TextInput
            label={t('event')}
            description={t('event.hint')}
            value={event}
            onChange={(changed) => setEvent(changed.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" variant="default">
              {t('event.open')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
