/** A dispute's clock: whom it waits for, how long there is, and what it comes to if nobody acts. */
import { Paper, Text } from '@mantine/core';
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import { moneyText } from '../../ui/format.ts';
import { TimeLeft, When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

export function DisputeClock({ of }: { of: DisputeView }) {
  const { clock } = of;
  if (clock === null) return null;
  if (clock.until === null)
    return (
      <Paper p="md" mb="lg">
        <Text>{t('clock.invoice')}</Text>
      </Paper>
    );
  return (
    <Paper p="md" mb="lg">
      <Text size="sm" c="dimmed">
        {t(`clock.${clock.waitsFor}`)} <When iso={clock.until} show="absolute" />
      </Text>
      <Text fz={24} fw={650} lh={1.3}>
        <span className="visually-hidden">{t('clock.left')} </span>
        <TimeLeft iso={clock.until} />
      </Text>
      {clock.otherwise !== null && <Text size="sm">{otherwise(of, clock.otherwise)}</Text>}
    </Paper>
  );
}

function otherwise({ amounts, currency }: DisputeView, outcome: 'accepted' | 'partly_accepted' | 'rejected'): string {
  const [own] = amounts;
  const micros = (outcome === 'accepted' ? own?.claimedMicros : own?.offeredMicros) ?? 0;
  return t(`otherwise.${outcome}`, { amount: moneyText(micros, currency, { exact: true }) });
}
