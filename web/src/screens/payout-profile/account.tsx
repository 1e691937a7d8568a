/** The account at Stripe: how it stands, what is still asked for, and the way there. */
import { Group, List, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { AccountStatus, PayoutAccount } from '../../../../shared/payout/account.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';

const STATES: Readonly<Record<AccountStatus, { text: string; tone: Tone }>> = {
  none: { text: t('status.none'), tone: 'neutral' },
  incomplete: { text: t('status.incomplete'), tone: 'warning' },
  pending: { text: t('status.pending'), tone: 'info' },
  active: { text: t('status.active'), tone: 'good' },
  closed: { text: t('status.closed'), tone: 'bad' },
};

export function Account() {
  const account = useRead('/v1/payout-account');
  return (
    <Section title={t('account')}>
      <QueryState of={account}>{(of) => <Standing of={of} />}</QueryState>
    </Section>
  );
}

function Standing({ of }: { of: PayoutAccount }) {
  const link = useAct('post', '/v1/payout-account/link');
  const refresh = useAct('post', '/v1/payout-account/refresh');
  const open = async () => location.assign((await link.mutateAsync({})).url);
  return (
    <>
      <Group mb="sm">
        <StatusBadge state={of.status} states={STATES} />
        {of.status !== 'closed' && (
          <ActButton
            label={t(of.status === 'none' ? 'link' : 'linkMore')}
            size="xs"
            leftSection={<IconExternalLink size={16} />}
            variant={of.status === 'active' ? 'default' : 'filled'}
            act={open}
            failed={t('failed')}
          />
        )}
        {of.account !== null && (
          <ActButton
            label={t('refresh')}
            size="xs"
            variant="default"
            act={() => refresh.mutateAsync({})}
            done={t('refreshed')}
          />
        )}
      </Group>
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
      <Facts>
        <Fact name={t('checked')}>
          {of.checkedAt === null ? t('never') : <When iso={of.checkedAt} show="absolute" />}
        </Fact>
        <Fact name={t('schedule')}>{of.schedule}</Fact>
        {of.bank !== null && (
          <Fact name={t('bank')}>
            <Money micros={of.bank.micros} currency={of.bank.currency} />, {of.bank.state},{' '}
            <When iso={of.bank.arrivesAt} show="date" />
            {of.bank.failure !== null && ` (${of.bank.failure})`}
          </Fact>
        )}
      </Facts>
    </>
  );
}
