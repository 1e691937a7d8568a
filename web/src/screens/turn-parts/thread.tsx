/** What was said about a request, as far as a turn goes. Notes stand apart: the customer never sees them. */
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import type { MessageView } from '../../../../shared/thread/thread.ts';
import { usePages } from '../../api/use-api.ts';
import { PersonName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { download } from './files.ts';
import { t } from './messages.en.ts';
import classes from './turn.module.css';

const PAGE = 100;

/** `refreshMs`: how often to look for more, while the turn is held. */
export function Thread({ lease, refreshMs }: { lease: string; refreshMs?: number }) {
  const said = usePages(
    '/v1/leases/{lease}/messages',
    { path: { lease }, query: { limit: PAGE, order: 'oldest' } },
    refreshMs === undefined ? {} : { refreshMs },
  );
  return (
    <QueryState of={said.query}>
      {() => (
        <Stack gap="xs" role="log" aria-label={t('thread.title')}>
          {said.items.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('thread.empty')}
            </Text>
          )}
          {said.items.map((message) => (
            <Message key={message.id} message={message} lease={lease} />
          ))}
          {said.hasMore && (
            <Button variant="default" size="xs" onClick={said.more} loading={said.isLoadingMore}>
              {t('thread.more')}
            </Button>
          )}
        </Stack>
      )}
    </QueryState>
  );
}

const SIDES = { customer: 'theirs', company: 'theirs', agent: 'ours', program: 'ours' } as const;

function Message({ message, lease }: { message: MessageView; lease: string }) {
  const { author, kind, text, attachments, at, isErased, organisation, user } = message;
  const who =
    organisation === null || author === 'company' || author === 'customer' ? `author.${author}` : 'author.own';
  return (
    <article className={`${classes.message} ${classes[kind === 'note' ? 'note' : SIDES[author]]}`}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {t(who as 'author.own')} {user !== null && <PersonName id={user} />}
        </Text>
        <Group gap="xs">
          {kind === 'note' && (
            <Badge color="yellow" className="badge-warning">
              {t('thread.note')}
            </Badge>
          )}
          <Text size="xs" c="dimmed" component="span">
            <When iso={at} />
          </Text>
        </Group>
      </Group>
      <Text size="sm" className={classes.said} fs={isErased ? 'italic' : undefined}>
        {isErased ? t('thread.erased') : text}
      </Text>
      {attachments.length > 0 && (
        <Group gap="xs" mt={4}>
          {attachments.map((file) => (
            <Button
              key={file.id}
              size="compact-xs"
              variant="default"
              leftSection={<IconPaperclip size={14} />}
              onClick={() => {
                download(lease, file.id).catch((error: unknown) => sayFailed(t('file.failed'), error));
              }}
            >
              {t('file.save', { name: file.name })}
            </Button>
          ))}
        </Group>
      )}
    </article>
  );
}
