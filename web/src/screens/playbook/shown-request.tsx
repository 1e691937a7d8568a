/** One of one's requests as the saved playbook shows it to an agent. */
import { Button, Group, Paper, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { RequestId } from '../../../../shared/request/request.ts';
import { call } from '../../api/call.ts';
import type { DataOf } from '../../api/types.ts';
import { useSignedIn } from '../../auth/session.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { requestIdOf } from '../requests/find.ts';
import { t } from './messages.en.ts';

type Shown = NonNullable<DataOf<'get', '/v1/queues/{queue}/playbook/preview'>['request']>;

export function ShownRequest({ queue }: { queue: string }) {
  const { organisation } = useSignedIn();
  const [id, setId] = useState('');
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<unknown>(null);
  const look = async () => {
    setError(null);
    try {
      const request = RequestId.safeParse(id).success ? id : await requestIdOf(organisation ?? '', id);
      const preview = await call('get', '/v1/queues/{queue}/playbook/preview', { path: { queue }, query: { request } });
      setShown(preview.request);
    } catch (refusal) {
      setShown(null);
      setError(refusal);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id !== '') void look();
  };
  return (
    <Paper p="md">
      <Title order={2}>{t('request.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('request.text')}
      </Text>
      <form onSubmit={submit}>
        <Group align="flex-end" wrap="nowrap" gap="xs">
          <TextInput
            flex={1}
            label={t('request.id')}
            value={id}
            onChange={(event) => setId(event.currentTarget.value.trim())}
          />
          <Button type="submit" variant="default">
            {t('request.show')}
          </Button>
        </Group>
      </form>
      <ProblemAlert error={error} />
      {shown !== null && <Content of={shown} />}
    </Paper>
  );
}

function Content({ of: { category, text, fields } }: { of: Shown }) {
  return (
    <Stack gap="xs" mt="sm">
      <Text c={text === '' ? 'dimmed' : undefined} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text === '' ? t('request.none') : text}
      </Text>
      <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={0}>
        <Table.Tbody>
          {[[t('request.category'), category], ...Object.entries(fields)].map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w="35%">
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
