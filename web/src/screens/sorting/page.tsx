/** How texts are sorted into one's categories: tried, corrected, and what was learnt. */
import { Button, Grid, Group, Paper, Progress, Select, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import type { TriageView } from '../../../../shared/triage/triage.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { t as common } from '../../messages/en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { percentText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { Count, When } from '../../ui/values.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { QueueLink, useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const BPS = 10_000;

export default function Sorting() {
  const [{ request }] = useUrlState({ request: '' });
  const [text, setText] = useState('');
  const sort = useAct('post', '/v1/triage');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="lg">
            {request !== '' && (
              <Paper p="md">
                <Title order={2}>{t('correct.title')}</Title>
                <Text mb="sm" style={{ overflowWrap: 'anywhere' }}>
                  {t('correct.request', { request })}
                </Text>
                <Correct of={{ request }} />
              </Paper>
            )}
            <Paper p="md">
              <Title order={2} mb="sm">
                {t('try.title')}
              </Title>
              <Stack>
                <Textarea
                  label={t('try.text')}
                  description={t('try.kept')}
                  value={text}
                  onChange={(event) => {
                    setText(event.currentTarget.value);
                    sort.reset();
                  }}
                  autosize
                  minRows={4}
                  maxRows={14}
                  maxLength={8_000}
                />
                <Group>
                  <WhyNot why={text.trim() === '' ? common('whyNot.empty') : null}>
                    <Button loading={sort.isPending} onClick={() => sort.mutate({ body: { text } })}>
                      {t('try.act')}
                    </Button>
                  </WhyNot>
                </Group>
                <ProblemAlert error={sort.error} />
                {sort.data !== undefined && (
                  <>
                    <Judged of={sort.data} />
                    <Title order={3}>{t('correct.title')}</Title>
                    <Correct of={{ text }} />
                  </>
                )}
              </Stack>
            </Paper>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Known />
        </Grid.Col>
      </Grid>
    </>
  );
}

function Judged({ of: { suggestions, other, threshold, queue } }: { of: TriageView }) {
  return (
    <Stack gap={6} role="status">
      {queue === null ? (
        <Text>{t('try.asked', { threshold: percentText(threshold * BPS) })}</Text>
      ) : (
        <Text>
          {t('try.taken')} <QueueLink id={queue} />.
        </Text>
      )}
      {suggestions.map(({ category, confidence }) => (
        <Group key={category} gap="sm" wrap="nowrap">
          <Progress value={confidence * 100} w={120} flex="none" aria-hidden="true" />
          <Text>{t('likely', { category, percent: percentText(confidence * BPS) })}</Text>
        </Group>
      ))}
      <Text c="dimmed">{t('try.other', { percent: percentText(other * BPS) })}</Text>
    </Stack>
  );
}

/** A text, or a request whose text is meant, and the category it belongs to. */
function Correct({ of }: { of: { text: string } | { request: string } }) {
  const categories = [...new Set(useQueueList().map(({ serviceClass }) => serviceClass.category))].sort();
  const [category, setCategory] = useState<string | null>(null);
  const correct = useAct('post', '/v1/triage/corrections', {
    onSuccess: (_, { body }) => sayDone(t('corrected', { category: body.corrections[0]?.category ?? '' })),
  });
  const teach = (chosen: string) => correct.mutate({ body: { corrections: [{ ...of, category: chosen }] } });
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <Select label={t('correct.category')} data={categories} value={category} onChange={setCategory} searchable />
        <WhyNot why={category === null ? t('correct.none') : null}>
          <Button variant="default" loading={correct.isPending} onClick={() => category !== null && teach(category)}>
            {t('correct.act')}
          </Button>
        </WhyNot>
      </Group>
      <ProblemAlert error={correct.error} />
    </Stack>
  );
}

function Known() {
  const known = useRead('/v1/triage/corrections');
  const reset = useAct('delete', '/v1/triage/corrections');
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        {t('known.title')}
      </Title>
      <QueryState of={known}>
        {({ remembered, categories, lastAt }) =>
          remembered === 0 ? (
            <Text c="dimmed">{t('known.none')}</Text>
          ) : (
            <Stack>
              <Text>
                {t('known.count', { count: remembered })} <When iso={lastAt} />.
              </Text>
              <DataTable
                caption={t('known.caption')}
                columns={[
                  { key: 'category', header: t('known.category'), cell: ({ category }) => category },
                  {
                    key: 'texts',
                    header: t('known.texts'),
                    isNumber: true,
                    cell: (row) => <Count value={row.texts} />,
                  },
                ]}
                rows={categories}
                rowKey={({ category }) => category}
              />
              <Group justify="flex-end">
                <ConfirmButton
                  label={t('reset')}
                  variant="default"
                  title={t('reset.title')}
                  consequence={t('reset.text', { count: remembered })}
                  act={() => reset.mutateAsync({})}
                  done={t('reset.done')}
                />
              </Group>
            </Stack>
          )
        }
      </QueryState>
    </Paper>
  );
}
