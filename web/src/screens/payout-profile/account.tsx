/** The account at Stripe: how it stands, what is still asked for, and the way there. */
import { Group, List, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { PayoutAccount } from '../../../../shared/payout/account.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Section } from '../finance-parts/section.tsx';
import { AccountFacts, AccountState } from './account-facts.tsx';
import { t } from './messages.en.ts';

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
        <AccountState of={of} />
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
      <AccountFacts of={of} />
    </>
  );
}
