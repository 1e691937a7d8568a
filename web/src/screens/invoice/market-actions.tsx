/** What the market's finance can do about an invoice, by where it stands. */
import { Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { useAct } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { moneyText } from '../../ui/format.ts';
import { PersonName } from '../../ui/names.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { EnterPayment } from '../cash-orders/enter.tsx';
import { Section } from '../finance-parts/section.tsx';
import { SecondPerson } from '../money-parts/second-person.tsx';
import { t } from './market.messages.en.ts';
import { AskReissue, ReissueOf } from './reissue.tsx';

export function MarketActions({ of }: { of: Invoice }) {
  const may = useMay('market.finance');
  const { state, id, currency, remainingMicros } = of;
  const isBack = state === 'void' || state === 'dropped';
  if (state === 'paid') return null;
  return (
    <>
      <Section title={t('title')}>
        {(state === 'planned' || state === 'draft') && may && <Drop of={of} />}
        {(state === 'open' || state === 'uncollectible') && (
          <Group gap="sm" align="flex-start">
            {may && <EnterPayment invoice={id} currency={currency} remainingMicros={remainingMicros} />}
            {state === 'open' && may && <Void of={of} />}
            <WriteOff of={of} />
          </Group>
        )}
        {isBack && may && <AskReissue invoice={id} />}
      </Section>
      {isBack && <ReissueOf invoice={id} />}
    </>
  );
}

function Drop({ of: { id } }: { of: Invoice }) {
  const drop = useAct('post', '/v1/invoices/{invoice}/drop');
  return (
    <ConfirmButton
      label={t('drop')}
      variant="default"
      title={t('drop.title')}
      consequence={t('drop.text')}
      act={() => drop.mutateAsync({ path: { invoice: id } })}
      done={t('dropped')}
    />
  );
}

function Void({ of: { id, number, totalMicros, currency, paidMicros, creditedMicros } }: { of: Invoice }) {
  const takeBack = useAct('post', '/v1/invoices/{invoice}/void');
  if (paidMicros > 0 || creditedMicros > 0)
    return (
      <Text size="sm" c="dimmed" maw={320}>
        {t('void.not')}
      </Text>
    );
  return (
    <ConfirmButton
      label={t('void')}
      variant="default"
      color="red.9"
      title={t('void.title', { number: number ?? id })}
      consequence={t('void.text', { amount: moneyText(totalMicros, currency) })}
      act={() => takeBack.mutateAsync({ path: { invoice: id } })}
      done={t('voided')}
    />
  );
}

function WriteOff({ of }: { of: Invoice }) {
  const act = useAct('post', '/v1/invoices/{invoice}/write-off');
  const queries = useQueryClient();
  const isOverdue = useNow() > Date.parse(of.dueAt ?? '9999-01-01');
  const may = useMay('market.finance');
  const path = { invoice: of.id };
  const { writeOff, currency, state } = of;
  const amount = moneyText(writeOff?.approvedBy != null ? writeOff.micros : of.remainingMicros, currency);
  if (state === 'uncollectible')
    return (
      writeOff !== null && (
        <Text size="sm">
          {t('writeOff.done', { amount })} <PersonName id={writeOff.by} />, <PersonName id={writeOff.approvedBy} />
        </Text>
      )
    );
  if (writeOff !== null)
    return (
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {t('writeOff.waits')} <PersonName id={writeOff.by} />.
        </Text>
        {may && writeOff.approvedBy === null && <WithdrawWriteOff invoice={of.id} />}
        <SecondPerson makers={[writeOff.by]}>
          <ConfirmButton
            label={t('writeOff.carry')}
            color="red.9"
            title={t('writeOff.carry.title', { amount })}
            consequence={t('writeOff.carry.text', { amount })}
            act={() => act.mutateAsync({ path })}
            done={t('writtenOff')}
          />
        </SecondPerson>
      </Stack>
    );
  if (!isOverdue)
    return (
      <Text size="sm" c="dimmed" maw={320}>
        {t('writeOff.late')}
      </Text>
    );
  if (!may) return null;
  return (
    <ConfirmButton
      label={t('writeOff')}
      variant="default"
      title={t('writeOff.title')}
      consequence={t('writeOff.text', { amount })}
      act={async () => {
        // The market keeps the proposal and answers that another person has to say the same.
        await act.mutateAsync({ path }).catch((error: unknown) => {
          if (!(error instanceof ParleyProblem) || error.problem.code !== 'second_person_needed') throw error;
        });
        await queries.invalidateQueries();
        sayDone(t('writeOff.proposed'));
      }}
    />
  );
}

function WithdrawWriteOff({ invoice }: { invoice: string }) {
  const withdraw = useAct('delete', '/v1/invoices/{invoice}/write-off');
  return (
    <ConfirmButton
      label={t('writeOff.withdraw')}
      variant="default"
      title={t('writeOff.withdraw.title')}
      consequence={t('writeOff.withdraw.text')}
      act={() => withdraw.mutateAsync({ path: { invoice } })}
      done={t('writeOff.withdrawn')}
    />
  );
}
