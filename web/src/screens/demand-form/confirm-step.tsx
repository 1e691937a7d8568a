/** The last step: everything at a glance, and the acknowledgement without which nothing is committed. */
import { Checkbox, Code, List, Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { Commitment } from '../../../../shared/commitment/commitment.ts';
import type { PublicQueue, PublicRound } from '../../../../shared/queue/queue.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { absoluteText, countText, dateText, moneyText, percentText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { t } from './messages.en.ts';
import { boundBy } from './obligation.ts';
import { WorstCase } from './obligations-step.tsx';
import type { Values } from './values.ts';

const HOUR = 3_600_000;
type Of = { queue: PublicQueue; round: PublicRound; terms: Terms };
type Props = Of & { values: Values; isAcknowledged: boolean; onAcknowledge: (yes: boolean) => void; isAsked: boolean };

export function ConfirmStep({ values, terms, queue, round, isAcknowledged, onAcknowledge, isAsked }: Props) {
  const bound = boundBy({ volume: values.volume ?? 0, reserveMicros: values.reserveMicros }, terms);
  return (
    <Stack>
      <Title order={2}>{t('confirm.title')}</Title>
      <Paper p="md">
        <Table withRowBorders={false}>
          <Table.Tbody>
            {summary(values, terms, queue, round).map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400} c="dimmed" w="40%">
                  {name}
                </Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      <WorstCase values={values} terms={terms} />
      <Checkbox
        checked={isAcknowledged}
        onChange={(event) => onAcknowledge(event.currentTarget.checked)}
        label={t('confirm.acknowledge', {
          version: round.termsVersion,
          volume: values.volume ?? 0,
          most: moneyText(bound.mostMicros, values.currency),
        })}
        error={isAsked && !isAcknowledged ? t('confirm.acknowledge.missing') : undefined}
      />
    </Stack>
  );
}

function summary(values: Values, terms: Terms, queue: PublicQueue, round: PublicRound): [string, string][] {
  const money = (micros: number) => moneyText(micros, values.currency, { exact: true });
  const date = (iso: string) => dateText(Date.parse(iso));
  return [
    [t('confirm.queue'), longName(queue.serviceClass)],
    [t('confirm.round'), `${round.round}: ${date(round.startsAt)} – ${date(round.endsAt)}`],
    [t('confirm.volume'), countText(values.volume ?? 0)],
    [
      t('confirm.reserve'),
      values.reserveMicros === null
        ? t('confirm.reserve.ceiling', { ceiling: money(terms.ceilingMicros) })
        : money(values.reserveMicros),
    ],
    [t('confirm.limits'), limitsText(values)],
    [t('confirm.overflow'), t(values.overflow === 'allowed' ? 'overflow.allowed' : 'overflow.refused')],
    [t('confirm.rollOver'), t(values.rollOver ? 'confirm.rollOver.yes' : 'confirm.rollOver.no')],
  ];
}

function limitsText(values: Values): string {
  const quality = values['limits.minimumQualityBps'] ?? 0;
  const automation = values['limits.automation'];
  const parts = [
    ...(automation === 'allowed' ? [] : [`${t('limits.automation')}: ${t(`limits.automation.${automation}`)}`]),
    ...values['limits.kinds'].map((kind) => t(`limits.kinds.${kind}`)),
    ...(quality === 0 ? [] : [`≥ ${percentText(quality)}`]),
    ...(values['limits.blocked'].length === 0 ? [] : [`${t('limits.blocked')}: ${values['limits.blocked'].length}`]),
  ];
  return parts.length === 0 ? t('confirm.limits.none') : parts.join(' · ');
}

/** What is shown once it is committed: the acknowledgement, and what comes when. */
export function Committed({ commitment, terms, round }: { commitment: Commitment } & Omit<Of, 'queue'>) {
  const at = (ms: number) => absoluteText(ms);
  const closesAt = Date.parse(round.closesAt);
  return (
    <Stack>
      <Title order={2}>{t('done.title')}</Title>
      <Text>{t('done.text')}</Text>
      <Paper p="md">
        <Text size="sm" c="dimmed">
          {t('done.hash')}
        </Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {commitment.hash}
        </Code>
      </Paper>
      <Title order={3}>{t('done.next')}</Title>
      <List>
        {terms.provisionalHours.map((hours) => (
          <List.Item key={hours}>{t('done.next.provisional', { at: at(closesAt - hours * HOUR) })}</List.Item>
        ))}
        <List.Item>{t('done.next.close', { at: at(closesAt) })}</List.Item>
        <List.Item>{t('done.next.award', { at: at(Date.parse(round.startsAt)) })}</List.Item>
      </List>
      <Text>
        <Go href={`/demand/${commitment.queue}/${commitment.round}`}>{t('done.open')}</Go>
      </Text>
    </Stack>
  );
}
