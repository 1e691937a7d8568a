/** Sets, changes or lifts a cap. One below what is used already stops requests at once, so it is asked for twice. */
import { Button, Group, Modal, Paper, Radio, Select, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { BudgetInput, type BudgetView } from '../../../../shared/budget/budget.ts';
import { Currency } from '../../../../shared/kernel/money.ts';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { moneyText } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';

type Values = { currency: Currency; capMicros: number | null; beyond: 'refuse' | 'hold' };

const valuesOf = (currency: Currency, budgets: readonly BudgetView[]): Values => {
  const known = budgets.find((budget) => budget.currency === currency);
  return { currency, capMicros: known?.capMicros ?? null, beyond: known?.beyond ?? 'refuse' };
};

export function CapForm({ budgets }: { budgets: readonly BudgetView[] }) {
  const put = useAct('put', '/v1/budget');
  const form = useForm({ initial: valuesOf(budgets[0]?.currency ?? 'USD', budgets), schema: BudgetInput });
  const [asked, setAsked] = useState<BudgetInput | null>(null);
  const save = async (body: BudgetInput) => {
    await put.mutateAsync({ body });
    setAsked(null);
    const { capMicros, currency } = body;
    sayDone(capMicros === null ? t('lifted', { currency }) : t('saved', { cap: moneyText(capMicros, currency) }));
  };
  const submit = (event: FormEvent) =>
    form.submit(async (given) => {
      const body = BudgetInput.parse(given);
      const used = budgets.find(({ currency }) => currency === body.currency)?.usedMicros ?? 0;
      if (body.capMicros !== null && body.capMicros <= used) return setAsked(body);
      await save(body);
    })(event);
  const isKnown = budgets.some(({ currency }) => currency === form.values.currency);
  return (
    <Paper p="md" maw={560}>
      <Title order={2} mb="sm">
        {t(isKnown ? 'change' : 'set')}
      </Title>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Select
            {...form.value('currency')}
            onChange={(currency) => form.set(valuesOf((currency ?? 'USD') as Currency, budgets))}
            label={t('currency')}
            data={Currency.options}
            allowDeselect={false}
            maw={140}
          />
          <MoneyInput
            {...form.value('capMicros')}
            currency={form.values.currency}
            label={t('cap')}
            description={t('cap.text')}
          />
          <Radio.Group
            {...form.value('beyond')}
            onChange={(beyond) => form.set({ beyond: beyond as Values['beyond'] })}
            label={t('beyond')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="refuse" label={t('beyond.refuse')} />
              <Radio value="hold" label={t('beyond.hold')} />
            </Stack>
          </Radio.Group>
          <ProblemAlert error={form.problem} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.isSending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
      {asked !== null && (
        <AskTwice
          of={asked}
          used={budgets.find(({ currency }) => currency === asked.currency)?.usedMicros ?? 0}
          save={() => save(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </Paper>
  );
}

type AskProps = { of: BudgetInput; used: number; save: () => Promise<void>; onClose: () => void };

function AskTwice({ of: { capMicros, currency, beyond }, used, save, onClose }: AskProps) {
  const [error, setError] = useState<unknown>(null);
  const money = (micros: number) => moneyText(micros, currency);
  const title = t('lower.title', { cap: money(capMicros ?? 0) });
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': common('toast.close') }}>
      <Stack>
        <Text>{t(`lower.text.${beyond}`, { used: money(used) })}</Text>
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button onClick={() => void save().catch(setError)}>{t('save')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
