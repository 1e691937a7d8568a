/** One's own account numbers for the journal. */
import { Button, Group, SimpleGrid, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ACCOUNTS, type AccountCode } from '../../../../shared/ledger/ledger.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { Section } from '../finance-parts/section.tsx';
import type { Side } from './kinds.ts';
import { type Mapping, ownAccounts, withNumbers } from './mapping.ts';
import { t } from './messages.en.ts';

export function AccountNumbers({ side }: { side: Side }) {
  const mapping = useRead('/v1/account-mapping');
  return (
    <div style={{ marginBlockStart: '2rem' }}>
      <Section title={t('mapping')} lead={t('mapping.lead')}>
        <QueryState of={mapping}>{(stored) => <Numbers side={side} stored={stored} />}</QueryState>
      </Section>
    </div>
  );
}

function Numbers({ side, stored }: { side: Side; stored: Mapping }) {
  const [numbers, setNumbers] = useState<Mapping>(stored);
  const put = useAct('put', '/v1/account-mapping', { onSuccess: () => sayDone(t('mapping.saved')) });
  const save = (event: FormEvent) => {
    event.preventDefault();
    put.mutate({ body: withNumbers(numbers) });
  };
  const field = (account: AccountCode) => (
    <TextInput
      key={account}
      label={`${account} ${ACCOUNTS[account].name}`}
      placeholder={account}
      value={numbers[account] ?? ''}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setNumbers((before) => ({ ...before, [account]: value }));
      }}
      maxLength={40}
    />
  );
  return (
    <form onSubmit={save}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }}>{ownAccounts(side).map(field)}</SimpleGrid>
      <ProblemAlert error={put.error} />
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={put.isPending}>
          {t('mapping.save')}
        </Button>
      </Group>
    </form>
  );
}
