/** What a page of figures is about: a UTC month and a currency, kept in the address. */
import { Group, NativeSelect, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Currency } from '../../../../shared/kernel/money.ts';
import { useNow } from '../../app/market-time.ts';
import { useUrlState } from '../../app/navigate.ts';
import { monthOf, monthsThrough, monthText } from '../../ui/months.ts';
import { t } from './messages.en.ts';

export const CURRENCIES = ['USD', 'EUR', 'GBP'] as const satisfies readonly Currency[];
const MONTHS_SHOWN = 24;

/** The market's present UTC month. */
export const useThisMonth = (): string => monthOf(useNow());

/** The chosen month and currency; the present month and dollars where none is chosen. */
export function useMonth(): { period: string; currency: Currency; set: (change: Partial<Filters>) => void } {
  const current = useThisMonth();
  const [{ period, currency }, set] = useUrlState({ period: '', currency: 'USD' });
  return { period: period === '' ? current : period, currency: currency as Currency, set };
}
type Filters = { period: string; currency: string };

type Props = { of: ReturnType<typeof useMonth>; hasCurrency?: boolean; children?: ReactNode };

/** Chooses them, beside a page's further filters. */
export function MonthFilter({ of: { period, currency, set }, hasCurrency = true, children }: Props) {
  const current = useThisMonth();
  const months = monthsThrough(current, MONTHS_SHOWN);
  const all = months.includes(period) ? months : [period, ...months];
  return (
    <>
      <Text className="only-print" fw={600} mb="sm">
        {hasCurrency ? t('paper', { month: monthText(period), currency }) : monthText(period)}
      </Text>
      <Group mb="md" align="flex-end" className="no-print">
        <NativeSelect
          label={t('month')}
          value={period}
          onChange={(event) => set({ period: event.currentTarget.value === current ? '' : event.currentTarget.value })}
          data={all.map((month) => ({ value: month, label: monthText(month) }))}
        />
        {hasCurrency && (
          <NativeSelect
            label={t('currency')}
            value={currency}
            onChange={(event) => set({ currency: event.currentTarget.value })}
            data={[...CURRENCIES]}
          />
        )}
        {children}
      </Group>
    </>
  );
}
