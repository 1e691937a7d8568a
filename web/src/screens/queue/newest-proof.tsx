/** The newest round that has begun, checked again in this browser: its price ladder and the proof's status. */
import { Text } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Go } from '../../ui/go.tsx';
import { LadderChart } from '../round/ladder.tsx';
import { useProof } from '../round/proof.ts';
import { Verdict } from '../round/verdict.tsx';
import { t } from './messages.en.ts';

export function NewestProof({ queue, round, currency }: { queue: string; round: number; currency: string }) {
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  // Begun when somebody comes to it, and not stopped when they scroll on.
  const [isWanted, want] = useState(false);
  useEffect(() => {
    if (inViewport) want(true);
  }, [inViewport]);
  const proof = useProof(queue, round, isWanted);
  const ladder = proof.query.data?.ladder ?? null;
  return (
    <div ref={ref}>
      {ladder !== null && <LadderChart ladder={ladder} currency={currency} />}
      <Text fw={600} mt="md" mb="xs">
        {t('rounds.proof', { round: String(round) })}
      </Text>
      <Verdict of={proof} />
      <Go href={`/queues/${queue}/rounds/${round}`}>{t('rounds.proof.more')}</Go>
    </div>
  );
}
