/** One click that takes the volumes along as a draft: to the registration, or to the draft where somebody is signed in. */
import { Button, Group, Text } from '@mantine/core';
import { useGo } from '../../app/navigate.ts';
import { useSession } from '../../auth/session.ts';
import { classTitle } from '../market/service-class.ts';
import { keepDraft } from './draft.ts';
import { t } from './messages.en.ts';
import type { demandByQueue } from './tickets/proposals.ts';

export function DraftButton({ demand }: { demand: ReturnType<typeof demandByQueue> }) {
  const session = useSession();
  const go = useGo();
  if (demand.length === 0) return null;
  const isMember = session.status === 'in' && session.organisation !== null;
  const take = () => {
    keepDraft(demand.map(({ queue, volume }) => ({ queue: queue.id, title: classTitle(queue.serviceClass), volume })));
    go(isMember ? '/joining' : '/register?kind=company');
  };
  return (
    <Group mt="md" gap="md">
      <Button onClick={take}>{t(isMember ? 'draft.go.in' : 'draft.go')}</Button>
      <Text size="sm" c="dimmed">
        {t('draft.text', { count: demand.length })}
      </Text>
    </Group>
  );
}
