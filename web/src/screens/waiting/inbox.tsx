/** What waits for somebody, the earliest deadline first. */
import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useRead } from '../../api/use-api.ts';
import { mayOpen } from '../../app/may-open.ts';
import { screens } from '../../app/screens.ts';
import { useRoles } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

/** So many are shown at first. */
const SHOWN = 8;
/** As many as one answer has. */
const MOST = 100;
const REFRESH_MS = 60_000;

/** An item in words, and where it is dealt with; `nameOf` says what a queue is called. */
export type InboxWords = (
  item: InboxItem,
  nameOf: (queue: string) => string,
) => { text: string; href?: string | undefined };

/** All that waits, as far as one answer has it. */
export const useInbox = () => useRead('/v1/inbox', { query: { limit: MOST } }, { refreshMs: REFRESH_MS });

/** `most` items are shown at first, eight where left out. */
export function Inbox({ words, most = SHOWN }: { words: InboxWords; most?: number }) {
  const [shown, setShown] = useState(most);
  const inbox = useInbox();
  const names = new Map(useQueueList().map(({ id, serviceClass }) => [id, longName(serviceClass)]));
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        {t('inbox.title')}
      </Title>
      <QueryState of={inbox}>
        {({ items, next, isWhole }) => (
          <Stack gap="xs">
            {items.length === 0 && <Text c="dimmed">{t('inbox.empty')}</Text>}
            {items.slice(0, shown).map((item) => (
              <Item key={item.id} {...words(item, (queue) => names.get(queue) ?? queue)} deadline={item.deadline} />
            ))}
            {items.length > shown && (
              <Button variant="default" size="xs" w="fit-content" onClick={() => setShown(MOST)}>
                {t('inbox.more', { count: items.length })}
              </Button>
            )}
            {(next !== null || !isWhole) && (
              <Text size="sm" c="dimmed">
                {t('inbox.partly')}
              </Text>
            )}
          </Stack>
        )}
      </QueryState>
    </Paper>
  );
}

function Item({ text, href, deadline }: ReturnType<InboxWords> & { deadline: string | null }) {
  const roles = useRoles();
  return (
    <div>
      {href !== undefined && mayOpen(screens, href, roles) ? <Go href={href}>{text}</Go> : <Text>{text}</Text>}
      {deadline !== null && (
        <Text size="sm" c="dimmed" component="div">
          {t('inbox.until')} <When iso={deadline} /> (<When iso={deadline} show="absolute" />)
        </Text>
      )}
    </div>
  );
}
