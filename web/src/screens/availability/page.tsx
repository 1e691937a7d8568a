/** When a provider works and how much it holds at once; who of it is offline. */
import { Stack } from '@mantine/core';
import { useRead } from '../../api/use-api.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { t } from './messages.en.ts';
import { Presence } from './presence.tsx';
import { RulesForm } from './rules-form.tsx';

export default function Availability() {
  const availability = useRead('/v1/availability');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={availability}>
        {(found) => (
          <Stack gap="lg" maw={820}>
            <Presence availability={found} />
            <RulesForm key={JSON.stringify(found.rules)} rules={found.rules} />
          </Stack>
        )}
      </QueryState>
    </>
  );
}
