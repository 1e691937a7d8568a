/** The hard monthly cap: what it is, what is used of it, and how to change it. */
import { Alert, Paper, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { BudgetView } from '../../../../shared/budget/budget.ts';
import { useRead } from '../../api/use-api.ts';
import { countText, moneyText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { forecastSentence } from '../finance-parts/forecast-sentence.ts';
import { CapForm } from './cap-form.tsx';
import { t } from './messages.en.ts';

export default function BudgetPage() {
  const budgets = useRead('/v1/budget');
  const forecasts = useRead('/v1/forecast').data?.items ?? [];
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={budgets}>
        {({ items }) => (
          <Stack gap="xl">
            {items.length === 0 ? (
              <Empty title={t('none')} text={t('none.text')} />
            ) : (
              <SimpleGrid cols={{ base: 1, md: 2 }}>
                {items.map((budget) => (
                  <Card key={budget.currency} budget={budget} />
                ))}
              </SimpleGrid>
            )}
            {forecasts.length > 0 && (
              <section>
                <Title order={2} mb="xs">
                  {t('forecast.title')}
                </Title>
                {forecasts.map((forecast) => (
                  <Text key={forecast.currency}>{forecastSentence(forecast, 'charged')}</Text>
                ))}
              </section>
            )}
            <CapForm budgets={items} />
          </Stack>
        )}
      </QueryState>
    </>
  );
}

function Card({ budget }: { budget: BudgetView }) {
  const { currency, month, capMicros, usedMicros, leftMicros, beyond, heldBack, countedSince, alerts } = budget;
  const money = (micros: number) => moneyText(micros, currency);
  const percent = capMicros === null ? 0 : capMicros === 0 ? 100 : Math.min(100, (100 * usedMicros) / capMicros);
  return (
    <Paper p="md">
      <Title order={2}>{t('card.title', { month: monthText(month), currency })}</Title>
      {capMicros === null ? (
        <Text>{t('card.noCap', { used: money(usedMicros) })}</Text>
      ) : (
        <Stack gap={6}>
          <Text fz={20} fw={650}>
            {t('card.used', { used: money(usedMicros), cap: money(capMicros) })}
          </Text>
          <Progress
            value={percent}
            size="lg"
            aria-label={t('card.label')}
            color={percent >= 100 ? 'red' : percent >= 80 ? 'yellow' : 'ink'}
          />
          <Text>{t('card.left', { left: money(leftMicros ?? 0) })}</Text>
          <Text c="dimmed">{t(`card.beyond.${beyond}`)}</Text>
          {heldBack.count > 0 && (
            <Text>
              {t('card.held')}:{' '}
              {heldBack.isAtLeast ? t('card.held.least', { count: heldBack.count }) : countText(heldBack.count)}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {t('card.alerts', { percents: budget.alertPercents.join(', ') })}
          </Text>
          {countedSince !== null && (
            <Text size="sm" c="dimmed">
              {t('card.since')} <When iso={countedSince} show="absolute" />
            </Text>
          )}
          {alerts.map((alert) => (
            <Alert key={`${alert.percent} ${alert.at}`} variant="default" p="xs">
              {t('card.alerted', { percent: alert.percent, cap: money(alert.capMicros) })} (<When iso={alert.at} />)
            </Alert>
          ))}
        </Stack>
      )}
    </Paper>
  );
}
