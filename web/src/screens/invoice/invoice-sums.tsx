/** From the lines of an invoice to what is left to pay, in a column as on paper. */
import { Text } from '@mantine/core';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { moneyText } from '../../ui/format.ts';
import { Money } from '../../ui/values.tsx';
import { Section } from '../finance-parts/section.tsx';
import { type Credited, partsOf } from './credited.ts';
import classes from './invoice-sums.module.css';
import { t } from './messages.en.ts';

export function InvoiceSums({ of, credited }: { of: Invoice; credited: Credited | null }) {
  const rows: readonly (readonly [string, number])[] = [
    [t('subtotal'), of.subtotalMicros],
    [t('tax'), of.taxMicros],
    [t('total'), of.totalMicros],
    [t('creditApplied'), -of.creditAppliedMicros],
    [t('sum.credited'), -of.creditedMicros],
    [t('sum.paid'), -of.paidMicros],
    [t('sum.remaining'), of.remainingMicros],
  ];
  return (
    <Section title={t('sums')}>
      <table className={classes.sums}>
        <tbody>
          {rows.map(([name, micros]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <Money micros={micros} currency={of.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {credited !== null && credited.micros !== credited.unpaidMicros && (
        <Text size="sm" c="dimmed" mt="xs" maw={560}>
          {t('sum.beside', {
            parts: partsOf(credited)
              .filter(([part]) => part !== 'unpaid')
              .map(([part, micros]) => t(`went.${part}`, { amount: moneyText(micros, of.currency) }))
              .join(', '),
          })}
        </Text>
      )}
    </Section>
  );
}
