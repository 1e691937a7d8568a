/** What was said about a request, notes included, and a box to say something. */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import type { MessageView } from '../../../../shared/thread/thread.ts';
import { call } from '../../api/call.ts';
import { usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { Composer } from './composer.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 15_000;

export function Thread({ request }: { request: string }) {
  const messages = usePages(
    '/v1/requests/{request}/messages',
    { path: { request }, query: { order: 'oldest', limit: 50 } },
    { refreshMs: REFRESH_MS },
  );
  const mayWrite = useMay('company.admin', 'company.operator');
  return (
    <section>
      <Title order={2} mb="sm">
        {t('thread.title')}
      </Title>
      <QueryState of={messages.query}>
        {() => (
          <Stack gap="sm">
            {messages.items.length === 0 && <Text c="dimmed">{t('thread.none')}</Text>}
            {messages.items.map((message) => (
              <Message key={message.id} request={request} message={message} />
            ))}
            {messages.hasMore && (
              <Button variant="default" size="xs" onClick={messages.more} loading={messages.isLoadingMore}>
                {t('thread.older')}
              </Button>
            )}
          </Stack>
        )}
      </QueryState>
      {mayWrite && <Composer request={request} />}
    </section>
  );
}

function Message({ request, message }: { request: string; message: MessageView }) {
  const { author, organisation, user, at, text, kind, isErased, attachments } = message;
  const isOwn = author === 'company';
  return (
    <Paper
      p="sm"
      ml={isOwn ? { base: 0, xs: 'xl' } : 0}
      mr={isOwn ? 0 : { base: 0, xs: 'xl' }}
      style={kind === 'note' ? { borderStyle: 'dashed' } : undefined}
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t(`thread.author.${author}`)}
          {isOwn && user !== null && (
            <Text span fw={400}>
              {' '}
              <PersonName id={user} />
            </Text>
          )}
          {(author === 'agent' || author === 'program') && organisation !== null && (
            <Text span fw={400}>
              {' '}
              {t('thread.of')} <OrganisationName id={organisation} />
            </Text>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          <When iso={at} show="absolute" />
        </Text>
      </Group>
      {kind === 'note' && (
        <Badge color="gray" mt={4}>
          {t('thread.note')}
        </Badge>
      )}
      <Text mt={4} c={isErased ? 'dimmed' : undefined} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {isErased ? t('thread.erased') : text}
      </Text>
      <Group gap="xs" mt={attachments.length > 0 ? 'xs' : 0}>
        {attachments.map((file) => (
          <File key={file.id} request={request} file={file} />
        ))}
      </Group>
    </Paper>
  );
}

const BYTES_PER_KB = 1_024;

/** The link works for five minutes, so it is asked for when it is wanted. */
function File({
  request,
  file: { id, name, sizeBytes },
}: {
  request: string;
  file: MessageView['attachments'][number];
}) {
  const save = async () => {
    try {
      const path = { request, attachment: id };
      const { url } = await call('get', '/v1/requests/{request}/attachments/{attachment}', { path });
      location.assign(url);
    } catch (error) {
      sayFailed(name, error);
    }
  };
  return (
    <Button variant="default" size="compact-sm" leftSection={<IconPaperclip size={14} />} onClick={() => void save()}>
      {name} · {t('file.size', { kb: Math.max(1, Math.round(sizeBytes / BYTES_PER_KB)) })}
    </Button>
  );
}
