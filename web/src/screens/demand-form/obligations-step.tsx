/** What a commitment binds one to, spelt out from the terms of its round. */
import { Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { absoluteText, countText, moneyText, percentText } from '../../ui/format.ts';
import { termLines } from '../queue/terms-lines.ts';
import { t } from './messages.en.ts';
import { boundBy } from './obligation.ts';
import type { Values } from './values.ts';

type Props = { values: Values; terms: Terms; round: PublicRound };

export function ObligationsStep({ values, terms, round }: Props) {
  return (
    <Stack>
      <div>
        <Title order={2}>{t('obligations.title')}</Title>
        <Text c="dimmed">{t('obligations.lead', { version: round.termsVersion })}</Text>
      </div>
      <WorstCase values={values} terms={terms} />
      <Paper p="md">
        <dl style={{ margin: 0 }}>
          {obligations(values, terms, round).map(([name, text]) => (
            <div key={name}>
              <Text component="dt" fw={600}>
                {name}
              </Text>
              <Text component="dd" m={0} mb="sm">
                {text}
              </Text>
            </div>
          ))}
        </dl>
        <details>
          <summary>{t('obligations.terms', { version: round.termsVersion })}</summary>
          <Table.ScrollContainer minWidth={300}>
            <Table withRowBorders={false}>
              <Table.Tbody>
                {termLines(terms, null, values.currency).map(({ key, name, value }) => (
                  <Table.Tr key={key}>
                    <Table.Th scope="row" fw={400}>
                      {name}
                    </Table.Th>
                    <Table.Td ta="end" className="number">
                      {value}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </details>
      </Paper>
    </Stack>
  );
}

/** The worst-case bill in one sentence. */
export function WorstCase({ values, terms }: Pick<Props, 'values' | 'terms'>) {
  const volume = values.volume ?? 0;
  const bound = boundBy({ volume, reserveMicros: values.reserveMicros }, terms);
  const money = (micros: number) => moneyText(micros, values.currency);
  return (
    <Paper p="md">
      <Text fw={600}>{t('obligations.worst')}</Text>
      <Text size="lg">
        {t('obligations.worst.sentence', {
          volume,
          most: money(bound.mostMicros),
          least: bound.leastRequests,
          none: money(bound.noneMicros),
        })}
      </Text>
      {values.overflow === 'allowed' && (
        <Text c="dimmed" mt={4}>
          {t('obligations.overflow', { ceiling: money(terms.ceilingMicros) })}
        </Text>
      )}
    </Paper>
  );
}

function obligations(
  { volume, reserveMicros, currency }: Values,
  terms: Terms,
  round: PublicRound,
): [string, string][] {
  const bound = boundBy({ volume: volume ?? 0, reserveMicros }, terms);
  return [
    [t('terms.price'), t('terms.price.text', { limit: moneyText(bound.limitMicros, currency) })],
    [
      t('terms.assumed'),
      t('terms.assumed.text', { hours: terms.silenceHours, share: percentText(terms.assumedRateBps) }),
    ],
    [t('terms.reopen'), t('terms.reopen.text', { hours: terms.reopenHours })],
    [
      t('terms.least'),
      t('terms.least.text', {
        share: percentText(terms.takeOrPayBps),
        count: countText(bound.leastRequests),
        rate: percentText(terms.shortfallRateBps),
      }),
    ],
    [t('terms.sla'), t('terms.sla.text', { hours: terms.slaHours, share: percentText(terms.slaCreditBps) })],
    [t('terms.change'), t('terms.change.text', { closes: absoluteText(Date.parse(round.closesAt)) })],
    [t('terms.dispute'), t('terms.dispute.text', { days: terms.disputeDays })],
    [t('terms.audience'), t('terms.audience.text')],
  ];
}
