/** The legs of a correction, a line each, and whether they sum to nothing. */
import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { ACCOUNTS, type AccountCode } from '../../../../shared/ledger/ledger.ts';
import { moneyText } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import type { Errors } from '../../ui/use-form.ts';
import { WhyNot } from '../../ui/why-not.tsx';
import { t } from '../adjustments/messages.en.ts';
import { accountText } from '../money-parts/legs.tsx';
import { type LegValues, sumOf } from './to-input.ts';

const MOST_LEGS = 20;
const CODES = Object.keys(ACCOUNTS) as AccountCode[];
const ACCOUNT_CHOICES = [
  { value: '', label: '–' },
  ...CODES.map((code) => ({ value: code, label: accountText(code) })),
];
const EMPTY: LegValues = { account: '', of: '', side: 'debit', micros: null };

type Props = {
  legs: readonly LegValues[];
  currency: string;
  errors: Errors;
  set: (legs: readonly LegValues[]) => void;
};

export function LegsInput({ legs, currency, errors, set }: Props) {
  const sum = sumOf(legs);
  const isSomething = legs.some(({ micros }) => (micros ?? 0) !== 0);
  const change = (n: number, to: Partial<LegValues>) => set(legs.map((leg, i) => (i === n ? { ...leg, ...to } : leg)));
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend style={{ padding: 0, fontWeight: 500 }}>{t('new.legs')}</legend>
      <Text size="xs" c="dimmed" mb="xs">
        {t('new.legs.hint')}
      </Text>
      <Stack gap="xs">
        {legs.map((leg, n) => (
          <OneLeg
            // biome-ignore lint/suspicious/noArrayIndexKey: a leg has no name but its place
            key={n}
            n={n}
            leg={leg}
            currency={currency}
            errors={errors}
            change={(to) => change(n, to)}
            {...(legs.length > 2 ? { remove: () => set(legs.filter((_, i) => i !== n)) } : {})}
          />
        ))}
      </Stack>
      <Group justify="space-between" mt="xs">
        <WhyNot why={legs.length >= MOST_LEGS ? t('new.addLeg.most', { count: MOST_LEGS }) : null}>
          <Button
            variant="default"
            size="xs"
            onClick={() => set([...legs, { ...EMPTY, side: sum > 0 ? 'credit' : 'debit' }])}
          >
            {t('new.addLeg')}
          </Button>
        </WhyNot>
        <Text size="sm" role="status" {...(sum === 0 ? { c: 'dimmed' } : { c: 'var(--parley-bad)' })}>
          {sum === 0
            ? isSomething && t('new.sum.even')
            : t('new.sum', { amount: moneyText(sum, currency, { exact: true }) })}
        </Text>
      </Group>
      {errors.legs !== undefined && (
        <Text size="sm" c="var(--parley-bad)">
          {errors.legs}
        </Text>
      )}
    </fieldset>
  );
}

type LegProps = {
  n: number;
  leg: LegValues;
  currency: string;
  errors: Errors;
  change: (to: Partial<LegValues>) => void;
  remove?: () => void;
};

function OneLeg({ n, leg, currency, errors, change, remove }: LegProps) {
  const number = { n: n + 1 };
  const errorOf = (field: string) =>
    errors[`legs[${n}].${field}`] === undefined ? {} : { error: errors[`legs[${n}].${field}`] };
  const kind = leg.account === '' ? 'market' : ACCOUNTS[leg.account as AccountCode].of;
  return (
    <Group gap="xs" align="flex-start">
      <NativeSelect
        aria-label={t('new.account', number)}
        data={ACCOUNT_CHOICES}
        value={leg.account}
        onChange={(event) => change({ account: event.currentTarget.value })}
        w={230}
        {...errorOf('account')}
      />
      <TextInput
        aria-label={t('new.of', number)}
        placeholder={kind === 'market' ? '–' : kind}
        value={leg.of}
        onChange={(event) => change({ of: event.currentTarget.value })}
        w={190}
        {...errorOf('of')}
      />
      <NativeSelect
        aria-label={t('new.side', number)}
        value={leg.side}
        onChange={(event) => change({ side: event.currentTarget.value === 'credit' ? 'credit' : 'debit' })}
        data={[
          { value: 'debit', label: t('debit') },
          { value: 'credit', label: t('credit') },
        ]}
        w={110}
      />
      <MoneyInput
        aria-label={t('new.amount', number)}
        currency={currency}
        value={leg.micros}
        onChange={(micros) => change({ micros })}
        w={160}
        {...errorOf('micros')}
      />
      {remove !== undefined && (
        <ActionIcon variant="subtle" size="lg" aria-label={t('new.removeLeg', number)} onClick={remove}>
          <IconTrash size={16} />
        </ActionIcon>
      )}
    </Group>
  );
}
