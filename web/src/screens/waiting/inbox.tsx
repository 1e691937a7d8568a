/** What waits for somebody, the earliest deadline first. */
import { Paper, Stack, Text, Title } from '@mantine/core';
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { useRead } from '../../api/use-api.ts';
import { Go } from '../../ui/go.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { longName } from '../company-parts/queue-name.ts';
import { useQueueList } from '../company-parts/queues.tsx';
import { t } from './messages.en.ts';

/** So many are shown at a time. */
export const SHOWN_ITEMS = 8;
const REFRESH_MS = 60_000;

/** An item in words, and where it is dealt with; `nameOf` says what a queue is called. */
export type InboxWords = (
  item: InboxItem,
  nameOf: (queue: string) => string,
) => { text: string; href?: string | undefined };

/** `most` items are shown, eight where left out. */
export function Inbox({ words, most = SHOWN_ITEMS }: { words: InboxWords; most?: number }) {
  const inbox = useRead('/v1/inbox', { query: { limit: most } }, { refreshMs: REFRESH_MS });
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
            {items.map((item) => (
              <Item key={item.id} {...words(item, (queue) => names.get(queue) ?? queue)} deadline={item.deadline} />
            ))}
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
  return (
    <div>
      {href === undefined ? <Text>{text}</Text> : <Go href={href}>{text}</Go>}
      {deadline !== null && (
        <Text size="sm" c="dimmed" component="div">
          {t('inbox.until')} <When iso={deadline} /> (<When iso={deadline} show="absolute" />)
        </Text>
      )}
    </div>
  );
}
