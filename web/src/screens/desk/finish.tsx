/** The three ways to finish a turn, each with its consequence said first: resolve, hand on, give back. */
import { Button, Chip, Group, Kbd, Modal, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import * as z from 'zod';
import { OutcomeCode } from '../../../../shared/dispatch/lease.ts';
import type { AgentPlaybook } from '../../../../shared/playbook/playbook.ts';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { FormFoot } from '../../ui/form-foot.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';
import { KEYS } from './shortcuts.ts';

export type Way = 'resolve' | 'escalate' | 'decline';
const WAYS: readonly Way[] = ['decline', 'escalate', 'resolve'];

const MOST_SUMMARY = 400;
const MOST_EVIDENCE = 8_000;
const ResolveForm = z.strictObject({
  code: OutcomeCode,
  summary: z.string().trim().min(1, t('summary.empty')).max(MOST_SUMMARY),
  evidence: z.string().max(MOST_EVIDENCE),
});
const ReasonForm = z.strictObject({ reason: z.string().trim().min(1, t('reason.empty')).max(MOST_SUMMARY) });

export function FinishButtons({ onChoose }: { onChoose: (way: Way) => void }) {
  return (
    <Group gap="xs">
      {WAYS.map((way) => (
        <Button
          key={way}
          variant={way === 'resolve' ? 'filled' : 'default'}
          onClick={() => onChoose(way)}
          rightSection={<Kbd>{KEYS[way]}</Kbd>}
        >
          {t(way)}
        </Button>
      ))}
    </Group>
  );
}

type Props = {
  lease: string;
  way: Way | null;
  playbook: AgentPlaybook | undefined;
  onClose: () => void;
  onDone: () => void;
};

export function FinishDialog({ way, onClose, ...rest }: Props) {
  return (
    <Modal
      opened={way !== null}
      onClose={onClose}
      size="lg"
      title={way === null ? '' : t(`${way}.title`)}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      {way === 'resolve' && <Resolve {...rest} onClose={onClose} />}
      {(way === 'escalate' || way === 'decline') && <GiveUp key={way} way={way} {...rest} onClose={onClose} />}
    </Modal>
  );
}

type Inner = Omit<Props, 'way'>;

function Resolve({ lease, onClose, onDone }: Inner) {
  const act = useAct('post', '/v1/leases/{lease}/resolve');
  const form = useForm({
    initial: { code: 'solved', summary: '', evidence: '' },
    schema: ResolveForm,
    keep: `resolution of ${lease}`,
  });
  const code = form.value('code');
  return (
    <form
      onSubmit={form.submit(async (body) => {
        await act.mutateAsync({ path: { lease }, body });
        sayDone(t('resolve.done'));
        onDone();
      })}
    >
      <Stack>
        <Text size="sm">{t('resolve.lead')}</Text>
        <Radio.Group label={t('resolve.code')} value={code.value} onChange={(value) => form.set({ code: value })}>
          <Group gap="md" mt={4}>
            {OutcomeCode.options.map((option) => (
              <Radio key={option} value={option} label={t(`resolve.${option}`)} />
            ))}
          </Group>
        </Radio.Group>
        <Textarea
          {...form.text('summary')}
          label={t('resolve.summary')}
          description={t('resolve.summary.hint')}
          maxLength={MOST_SUMMARY}
          autosize
          minRows={2}
          data-autofocus
          required
        />
        <Textarea
          {...form.text('evidence')}
          label={t('resolve.evidence')}
          description={t('resolve.evidence.hint')}
          maxLength={MOST_EVIDENCE}
          autosize
          minRows={2}
          maxRows={8}
        />
        <FormFoot form={form} act={t('resolve')} onCancel={onClose} />
      </Stack>
    </form>
  );
}

function GiveUp({ lease, way, playbook, onClose, onDone }: Inner & { way: 'escalate' | 'decline' }) {
  const escalate = useAct('post', '/v1/leases/{lease}/escalate');
  const decline = useAct('post', '/v1/leases/{lease}/decline');
  const form = useForm({ initial: { reason: '' }, schema: ReasonForm, keep: `reason of ${lease}` });
  const [picked, setPicked] = useState<string | null>(null);
  const rules = way === 'escalate' ? (playbook?.escalations ?? []) : [];
  return (
    <form
      onSubmit={form.submit(async (body) => {
        await (way === 'escalate' ? escalate : decline).mutateAsync({ path: { lease }, body });
        sayDone(t(`${way}.done`));
        onDone();
      })}
    >
      <Stack>
        <Text size="sm">{t(`${way}.lead`)}</Text>
        {rules.length > 0 && (
          <div>
            <Text size="sm" fw={500} mb={4}>
              {t('escalate.pick')}
            </Text>
            <Group gap="xs">
              {rules.map(({ when, to }) => (
                <Chip
                  key={when}
                  checked={picked === when}
                  onChange={() => {
                    setPicked(when);
                    form.set({ reason: `${t('book.escalation', { when, to })}. ${form.values.reason}`.trim() });
                  }}
                >
                  {when}
                </Chip>
              ))}
            </Group>
          </div>
        )}
        <Textarea
          {...form.text('reason')}
          label={t(`${way}.reason`)}
          maxLength={MOST_SUMMARY}
          autosize
          minRows={3}
          data-autofocus
          required
        />
        <FormFoot form={form} act={t(way)} onCancel={onClose} />
      </Stack>
    </form>
  );
}
