/** What was committed, as the market received it. */
import { Code, Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Commitment } from '../../../../shared/commitment/commitment.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { countText, moneyText, percentText } from '../../ui/format.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { When } from '../../ui/values.tsx';
import { boundBy } from '../demand-form/obligation.ts';
import { t } from './messages.en.ts';

type Props = { own: Commitment; terms: Terms; termsVersion: number };

export function Own({ own, terms, termsVersion }: Props) {
  const bound = boundBy({ volume: own.volume, reserveMicros: own.reserveMicros ?? null }, terms);
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('own.title')}
      </Title>
      <Text mb="xs">
        {t('own.worst', { most: moneyText(bound.mostMicros, own.currency), least: bound.leastRequests })}
      </Text>
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {rowsOf(own, terms, termsVersion).map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w="45%">
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Stack gap={4} mt="sm">
        <Named name={t('own.hash')} value={own.hash} />
        <Named name={t('own.nonce')} value={own.nonce} />
      </Stack>
    </Paper>
  );
}

function Named({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
    </div>
  );
}

function rowsOf(own: Commitment, terms: Terms, termsVersion: number): [string, ReactNode][] {
  const money = (micros: number) => moneyText(micros, own.currency, { exact: true });
  const { kinds, blocked, minimumQualityBps, automation } = own.limits;
  return [
    [t('own.volume'), countText(own.volume)],
    [
      t('own.reserve'),
      own.reserveMicros === undefined
        ? t('own.ceiling', { ceiling: money(terms.ceilingMicros) })
        : money(own.reserveMicros),
    ],
    [
      t('own.failure'),
      own.failureCostMicros === undefined
        ? t('own.failure.usual', { usual: money(terms.failureCostMicros) })
        : money(own.failureCostMicros),
    ],
    [t('own.automation'), t(`own.automation.${automation}`)],
    ...(kinds === undefined ? [] : [row(t('own.kinds'), kinds.join(', ').replaceAll('_', ' '))]),
    ...(minimumQualityBps === 0 ? [] : [row(t('own.quality'), percentText(minimumQualityBps))]),
    ...(blocked.length === 0 ? [] : [row(t('own.blocked'), <Names key="blocked" ids={blocked} />)]),
    [t('own.overflow'), t(`own.overflow.${own.overflow}`)],
    [t('own.rollOver'), t(own.rollOver ? 'own.rollOver.yes' : 'own.rollOver.no')],
    ...(own.rolledFrom === undefined ? [] : [row(t('own.rolledFrom'), own.rolledFrom)]),
    [t('own.terms'), t('own.version', { version: termsVersion })],
    [t('own.submitted'), <When key="submitted" iso={own.submittedAt} show="absolute" />],
  ];
}

const row = (name: string, value: ReactNode): [string, ReactNode] => [name, value];

function Names({ ids }: { ids: readonly string[] }) {
  return ids.map((id, n) => (
    <span key={id}>
      {n > 0 && ', '}
      <OrganisationName id={id} />
    </span>
  ));
}
