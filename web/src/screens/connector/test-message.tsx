/** What the market would make of a message, to the letter; nothing is written. */
import { Button, Group, Paper, Select, Stack, Table, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import type { ConnectorInput, DryRun } from '../../../../shared/connector/connector.ts';
import { postText } from '../../api/file.ts';
import { t as common } from '../../messages/en.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { t } from './messages.en.ts';

const TYPES_OF: Readonly<Record<ConnectorInput['kind'], readonly [string, ...string[]]>> = {
  webhook: ['application/json', 'application/x-www-form-urlencoded', 'text/plain'],
  zendesk: ['application/json'],
  email: ['message/rfc822', 'application/json', 'application/x-www-form-urlencoded'],
};
const OUTCOMES = {
  request: { text: t('outcome.request'), tone: 'good' },
  ignored: { text: t('outcome.ignored'), tone: 'neutral' },
  unfit: { text: t('outcome.unfit'), tone: 'bad' },
} as const;

type Props = { connector: string; kind: ConnectorInput['kind'] };

export function TestMessage({ connector, kind }: Props) {
  const [type, setType] = useState(TYPES_OF[kind][0]);
  const [message, setMessage] = useState('');
  const [result, setResult] = useState<DryRun | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isTrying, setTrying] = useState(false);
  const run = async () => {
    setTrying(true);
    setError(null);
    setResult(null);
    try {
      setResult(await postText<DryRun>(`/v1/connectors/${connector}/test`, message, type));
    } catch (refusal) {
      setError(refusal);
    }
    setTrying(false);
  };
  return (
    <Paper p="md" component="section">
      <Stack>
        <div>
          <Title order={2}>{t('test.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('test.lead')}
          </Text>
        </div>
        <Select
          label={t('test.type')}
          maw={320}
          value={type}
          data={[...TYPES_OF[kind]]}
          allowDeselect={false}
          onChange={(value) => setType(value ?? TYPES_OF[kind][0])}
        />
        <Textarea
          label={t('test.message')}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          autosize
          minRows={6}
          maxRows={24}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        />
        <Group>
          <WhyNot why={message.trim() === '' ? common('whyNot.empty') : null}>
            <Button variant="default" loading={isTrying} onClick={() => void run()}>
              {t('test.act')}
            </Button>
          </WhyNot>
        </Group>
        <ProblemAlert error={error} />
        {result !== null && <Result of={result} />}
      </Stack>
    </Paper>
  );
}

function Result({ of: { outcome, detail, request, errors, repliesTo } }: { of: DryRun }) {
  return (
    <div role="status">
      <Group gap="xs" mb="xs">
        <StatusBadge state={outcome} states={OUTCOMES} />
        <Text size="sm">{detail}</Text>
      </Group>
      {errors.map(({ field, message }) => (
        <Text key={field} size="sm" className="bad">
          {field} {message}
        </Text>
      ))}
      {repliesTo.length > 0 && <Text size="sm">{t('test.replies', { ids: repliesTo.join(', ') })}</Text>}
      {request !== null && (
        <Table>
          <Table.Tbody>
            {Object.entries(request).map(([field, value]) => (
              <Table.Tr key={field}>
                <Table.Th scope="row" style={{ width: '8rem', verticalAlign: 'top' }}>
                  {field}
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                  {typeof value === 'string' ? value : JSON.stringify(value)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
