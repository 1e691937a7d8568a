/** New terms for a queue: typed over those that hold, shown with what they change, then published. */
import { Button, Group, List, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { Terms } from '../../../../shared/terms/terms.ts';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { WhyNot } from '../../ui/why-not.tsx';
import { termLines } from '../queue/terms-lines.ts';
import { t } from './messages.en.ts';
import { TermsFields } from './terms-fields.tsx';
import { AMOUNTS, changedRules, NUMBERS, termsBody, valuesOf } from './terms-values.ts';

export function NewTerms({ queue }: { queue: PublicQueue }) {
  const [draft, setDraft] = useState<Terms | null>(null);
  const form = useForm({
    initial: valuesOf(queue.terms),
    schema: Terms,
    toBody: termsBody,
    keep: `terms of ${queue.id}`,
  });
  const notice = { version: queue.termsVersion + 1, round: (queue.open?.round ?? 0) + 1 };
  return (
    <Paper p="md">
      <Title order={2}>{t('form.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('form.next', notice)}
      </Text>
      <form noValidate onSubmit={form.submit(async (body) => setDraft(Terms.parse(body)))}>
        <Stack>
          <TermsFields form={form} currency={queue.currency} amounts={AMOUNTS} numbers={NUMBERS} />
          <ProblemAlert error={form.problem} />
          <Group justify="flex-end">
            <Button type="submit">{t('form.send')}</Button>
          </Group>
        </Stack>
      </form>
      <Publish queue={queue} draft={draft} notice={notice} onClose={() => setDraft(null)} />
    </Paper>
  );
}

type PublishProps = {
  queue: PublicQueue;
  draft: Terms | null;
  notice: { version: number; round: number };
  onClose: () => void;
};

function Publish({ queue, draft, notice, onClose }: PublishProps) {
  const publish = useAct('post', '/v1/queues/{queue}/terms', {
    onSuccess: ({ version }) => {
      onClose();
      sayDone(t('done', { version }));
    },
  });
  const rules = draft === null ? [] : changedRules(queue.terms, draft);
  const lines =
    draft === null ? [] : termLines(draft, queue.terms, queue.currency).filter((line) => line.before !== null);
  const send = () => {
    if (draft === null) return;
    publish.mutate({ path: { queue: queue.id }, body: draft });
  };
  return (
    <Modal
      opened={draft !== null}
      onClose={onClose}
      title={t('confirm.title')}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      <Stack>
        {rules.length === 0 ? (
          <Text size="sm">{t('confirm.none')}</Text>
        ) : (
          <>
            <Text size="sm">{t('confirm.text', notice)}</Text>
            <Text size="sm" fw={600}>
              {t('confirm.changes', { count: rules.length })}
            </Text>
            <List size="sm">
              {lines.map(({ key, name, before, value }) => (
                <List.Item key={key}>{t('confirm.change', { name, before: before ?? '', after: value })}</List.Item>
              ))}
            </List>
          </>
        )}
        <ProblemAlert error={publish.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common('confirm.cancel')}
          </Button>
          <WhyNot why={rules.length === 0 ? t('confirm.none') : null}>
            <Button onClick={send} loading={publish.isPending}>
              {t('form.send')}
            </Button>
          </WhyNot>
        </Group>
      </Stack>
    </Modal>
  );
}
