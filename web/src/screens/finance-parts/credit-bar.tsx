/** What of a credit limit is taken, and by what. */
import { Progress, Text } from '@mantine/core';
import type * as z from 'zod';
import type { Exposure } from '../../../../shared/credit/credit.ts';
import { useMay } from '../../auth/session.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { moneyText } from '../../ui/format.ts';
import { Money } from '../../ui/values.tsx';
import { t } from './credit.messages.en.ts';
import { Fact, Facts } from './facts.tsx';

type Of = z.infer<typeof Exposure>;

/** Where a company finds what its parts are made of. */
const OWN = { unpaid: '/invoices', unbilled: '/accounts/1100', worst: '/demand' } as const;

export function CreditBar({ of, currency }: { of: Of; currency: string }) {
  const isCompany = useMay('company.admin', 'company.finance');
  const { limitMicros, unpaidMicros, unbilledMicros, worstCaseMicros } = of;
  const share = (micros: number) => (limitMicros === 0 ? 0 : Math.min(100, (100 * micros) / limitMicros));
  const parts = [
    ['unpaid', unpaidMicros, 'ink.7'],
    ['unbilled', unbilledMicros, 'ink.5'],
    ['worst', worstCaseMicros, 'ink.2'],
  ] as const;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm" maw={760}>
        {t('sentence', {
          most: moneyText(unpaidMicros + unbilledMicros + worstCaseMicros, currency),
          limit: moneyText(limitMicros, currency),
        })}
      </Text>
      <Progress.Root size={16} mb="sm" aria-hidden="true">
        {parts.map(([name, micros, color]) => (
          <Progress.Section key={name} value={share(micros)} color={color} />
        ))}
      </Progress.Root>
      <Facts>
        {parts.map(([name, micros]) => (
          <Fact key={name} name={t(name)}>
            {isCompany ? (
              <FigureLink href={OWN[name]} what={t(`${name}.open`)}>
                <Money micros={micros} currency={currency} />
              </FigureLink>
            ) : (
              <Money micros={micros} currency={currency} />
            )}
          </Fact>
        ))}
        <Fact name={t('limit')}>
          <Money micros={limitMicros} currency={currency} />
        </Fact>
        <Fact name={t('left')}>
          <Money micros={limitMicros - unpaidMicros - unbilledMicros - worstCaseMicros} currency={currency} />
        </Fact>
      </Facts>
    </>
  );
}
