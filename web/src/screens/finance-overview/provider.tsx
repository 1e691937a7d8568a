/** What a provider earns this month, how far each amount is certain, what is payable, and what waits for an answer. */
import { Stack, Text } from '@mantine/core';
import { useRead } from '../../api/use-api.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { Money } from '../../ui/values.tsx';
import { ForecastChart } from '../finance-parts/forecast-chart.tsx';
import { t } from './messages.en.ts';
import { OpenDisputes } from './open-disputes.tsx';

const STAGES = ['pending', 'confirmed', 'posted'] as const;

export function ProviderOverview() {
  const earnings = useRead('/v1/earnings', { query: {} });
  const payables = useRead('/v1/payables').data?.items ?? [];
  const forecast = useRead('/v1/forecast');
  return (
    <QueryState of={earnings}>
      {({ currencies, whole }) => (
        <Stack gap="xl">
          {currencies.map(({ currency, ...stages }) => (
            <Figures key={currency}>
              {STAGES.map((stage) => (
                <Figure key={stage} name={t(stage)} note={t(`${stage}.note`, { turns: stages[stage].turns })}>
                  {stage === 'posted' ? (
                    <FigureLink href="/charges" what={t('posted.open')}>
                      <Money micros={stages[stage].micros} currency={currency} />
                    </FigureLink>
                  ) : (
                    <FigureLink href="/earnings" what={t('earnings.open')}>
                      <Money micros={stages[stage].micros} currency={currency} />
                    </FigureLink>
                  )}
                </Figure>
              ))}
            </Figures>
          ))}
          {currencies.length === 0 && <Text c="dimmed">{t('nothingEarned')}</Text>}
          {!whole && <Text c="dimmed">{t('notWhole')}</Text>}
          <Figures>
            {payables.map(({ currency, payableMicros, waitingMicros }) => (
              <Figure
                key={currency}
                name={t('payable')}
                note={t('payable.note', { waiting: moneyText(waitingMicros, currency) })}
              >
                <FigureLink href="/payables" what={t('payable.open')}>
                  <Money micros={payableMicros} currency={currency} />
                </FigureLink>
              </Figure>
            ))}
            <OpenDisputes isCompany={false} />
          </Figures>
          <QueryState of={forecast}>
            {({ items }) => items.map((one) => <ForecastChart key={one.currency} of={one} what="earned" />)}
          </QueryState>
        </Stack>
      )}
    </QueryState>
  );
}
