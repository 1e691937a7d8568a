/** Every mail that would have left this machine. */
import { Grid, NavLink, Paper, ScrollArea, Stack, Text, TextInput, Title } from '@mantine/core';
import type { DataOf } from '../../api/types.ts';
import { useRead } from '../../api/use-api.ts';
import { useConfig } from '../../app/config.ts';
import { useUrlState } from '../../app/navigate.ts';
import { NotFound } from '../../app/not-found.tsx';
import { absoluteText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { t } from './messages.en.ts';
import { partsOf } from './parts.ts';

type Mail = DataOf<'get', '/dev/outbox'>['items'][number];
const REFRESH_MS = 10_000;

export default function Outbox() {
  const config = useConfig();
  const mails = useRead('/dev/outbox', {}, { enabled: config?.isLocal === true, refreshMs: REFRESH_MS });
  if (config?.isLocal === false) return <NotFound />;
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={mails}>
        {({ items }) =>
          items.length === 0 ? <Empty title={t('empty')} text={t('empty.text')} /> : <Mails all={items} />
        }
      </QueryState>
    </>
  );
}

const isAbout = ({ subject, to, text }: Mail, words: string): boolean =>
  `${subject} ${to} ${text}`.toLowerCase().includes(words.trim().toLowerCase());

function Mails({ all }: { all: readonly Mail[] }) {
  const [{ q, mail }, set] = useUrlState({ q: '', mail: '' });
  const found = all.filter((one) => isAbout(one, q));
  const shown = found.find(({ id }) => id === mail) ?? found[0];
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
        <TextInput
          label={t('find')}
          type="search"
          value={q}
          onChange={(event) => set({ q: event.currentTarget.value })}
          mb="sm"
        />
        {found.length === 0 && <Text c="dimmed">{t('find.none')}</Text>}
        <ScrollArea.Autosize mah={{ base: 320, md: 640 }} type="auto">
          <nav aria-label={t('caption')}>
            {found.map((one) => (
              <NavLink
                key={one.id}
                component="button"
                active={one.id === shown?.id}
                {...(one.id === shown?.id ? { 'aria-current': 'true' as const } : {})}
                label={one.subject}
                description={`${one.to} · ${absoluteText(one.at)}`}
                onClick={() => set({ mail: one.id })}
              />
            ))}
          </nav>
        </ScrollArea.Autosize>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>{shown !== undefined && <Letter mail={shown} />}</Grid.Col>
    </Grid>
  );
}

function Letter({ mail: { subject, to, fromName, replyTo, at, text } }: { mail: Mail }) {
  return (
    <Paper p="lg" component="article">
      <Title order={2} style={{ overflowWrap: 'anywhere' }}>
        {subject}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('from', { from: fromName })} · {t('to', { to })} · {absoluteText(at)}
        {replyTo !== null && ` · ${t('reply', { to: replyTo })}`}
      </Text>
      <Stack gap={4}>
        {text.split('\n').map((line, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of a mail has no id but its place
          <Text key={place} style={{ overflowWrap: 'anywhere' }} mih="1em">
            {partsOf(line).map(({ text: part, href }) =>
              href === null ? (
                part
              ) : (
                <a key={part} href={href}>
                  {part}
                </a>
              ),
            )}
          </Text>
        ))}
      </Stack>
    </Paper>
  );
}
