/** The steps of posting demand for a queue that is chosen: demand, what-if, obligations, confirmation. */
import { Button, Group, Stack, Stepper, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Commitment, CommitmentInput } from '../../../../shared/commitment/commitment.ts';
import type { PublicQueue, PublicRound } from '../../../../shared/queue/queue.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { useAct } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useMay } from '../../auth/session.ts';
import { dateText, relativeText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { useForm } from '../../ui/use-form.ts';
import { WhyNot } from '../../ui/why-not.tsx';
import { ClassName } from '../market-parts/queues.tsx';
import { Committed, ConfirmStep } from './confirm-step.tsx';
import { DemandStep } from './demand-step.tsx';
import { t } from './messages.en.ts';
import { ObligationsStep } from './obligations-step.tsx';
import { bodyOf, type Values } from './values.ts';
import { WhatIfStep } from './what-if-step.tsx';

export const STEPS = ['queue', 'demand', 'whatIf', 'obligations', 'confirm'] as const;
const [DEMAND, CONFIRM] = [1, 4];

/** Where one is: all steps on wide windows, a line on narrow ones. */
export function Progress({ step, onStep }: { step: number; onStep: (step: number) => void }) {
  const name = t(`step.${STEPS[Math.min(step, CONFIRM)]!}`);
  return (
    <>
      <Stepper active={step} onStepClick={onStep} allowNextStepsSelect={false} size="sm" mb="xl" visibleFrom="md">
        {STEPS.map((each) => (
          <Stepper.Step key={each} label={t(`step.${each}`)} />
        ))}
      </Stepper>
      {step <= CONFIRM && (
        <Text hiddenFrom="md" mb="md" c="dimmed">
          {t('step.of', { step: step + 1, steps: STEPS.length, name })}
        </Text>
      )}
    </>
  );
}

type Props = {
  queue: PublicQueue;
  round: PublicRound;
  terms: Terms;
  initial: Values;
  isEdit: boolean;
  onBack: () => void;
};

export function Steps({ queue, round, terms, initial, isEdit, onBack }: Props) {
  const mayCommit = useMay('company.admin');
  const [step, setStep] = useState(DEMAND);
  const [isAcknowledged, setAcknowledged] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const [committed, setCommitted] = useState<Commitment | null>(null);
  const put = useAct('put', '/v1/queues/{queue}/rounds/{round}/commitment');
  const form = useForm({ initial, schema: CommitmentInput, toBody: bodyOf, keep: `demand ${queue.id} ${round.round}` });
  const goTo = (next: number) => {
    if (next < DEMAND) return onBack();
    setStep(next);
    window.scrollTo({ top: 0 });
  };
  const submit = (event: FormEvent) => {
    if (step < CONFIRM) return form.submit(async () => goTo(step + 1))(event);
    if (!mayCommit) return event.preventDefault();
    setAsked(true);
    if (!isAcknowledged) return event.preventDefault();
    const path = { queue: queue.id, round: round.round };
    return form.submit(async (body) => {
      setCommitted((await put.mutateAsync({ path, body: CommitmentInput.parse(body) })) as Commitment);
      goTo(CONFIRM + 1);
    })(event);
  };
  if (committed !== null)
    return (
      <>
        <Progress step={CONFIRM + 1} onStep={() => undefined} />
        <Committed commitment={committed} terms={terms} round={round} />
      </>
    );
  const of = { form, terms, queue, round, values: form.values };
  return (
    <>
      <Progress step={step} onStep={goTo} />
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          {step === DEMAND && <Heading queue={queue} round={round} />}
          {step === DEMAND && <DemandStep form={form} terms={terms} />}
          {step === DEMAND + 1 && <WhatIfStep {...of} />}
          {step === DEMAND + 2 && <ObligationsStep {...of} />}
          {step === CONFIRM && (
            <ConfirmStep {...of} isAcknowledged={isAcknowledged} onAcknowledge={setAcknowledged} isAsked={isAsked} />
          )}
          <ProblemAlert error={form.problem} />
          {step === CONFIRM && !mayCommit && (
            <Text size="sm">
              {t('commit.ask')}{' '}
              <Go href={`/demand/new?queue=${queue.id}&volume=${form.values.volume ?? ''}`}>{t('commit.address')}</Go>
            </Text>
          )}
          <Group justify="space-between">
            <Button variant="default" onClick={() => goTo(step - 1)}>
              {t('previous')}
            </Button>
            <WhyNot why={step < CONFIRM || mayCommit ? null : t('commit.not')}>
              <Button type="submit" loading={form.isSending}>
                {step < CONFIRM ? t('next') : t(isEdit ? 'commit.edit' : 'commit')}
              </Button>
            </WhyNot>
          </Group>
        </Stack>
      </form>
    </>
  );
}

function Heading({ queue, round }: Pick<Props, 'queue' | 'round'>) {
  const now = useNow();
  const date = (iso: string) => dateText(Date.parse(iso));
  return (
    <div>
      <Title order={2}>{t('demand.title')}</Title>
      <ClassName of={queue.serviceClass} />
      <Text c="dimmed" mt={4}>
        {t('demand.round', {
          round: round.round,
          from: date(round.startsAt),
          to: date(round.endsAt),
          closes: relativeText(Date.parse(round.closesAt), now),
        })}
      </Text>
    </div>
  );
}
