/** What the customer said when the request was sent. It is shown on demand, since each look is noted. */
import { Blockquote, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

export function Words({ request }: { request: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <section>
      <Title order={2} mb="sm">
        {t('words.title')}
      </Title>
      {isShown ? (
        <Said request={request} />
      ) : (
        <Group gap="sm">
          <Button variant="default" size="xs" onClick={() => setShown(true)}>
            {t('words.show')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('words.showText')}
          </Text>
        </Group>
      )}
    </section>
  );
}

function Said({ request }: { request: string }) {
  const words = useRead('/v1/requests/{request}/words', { path: { request } });
  const mayTeach = useMay('company.admin', 'company.operator');
  return (
    <QueryState of={words}>
      {({ customer, category, text, fields, erasedAt }) =>
        erasedAt !== null ? (
          <Text c="dimmed">
            {t('words.erased')} (<When iso={erasedAt} show="absolute" />)
          </Text>
        ) : (
          <Paper p="md">
            <Stack gap="sm">
              {text === '' ? (
                <Text c="dimmed">{t('words.none')}</Text>
              ) : (
                <Blockquote p="sm" m={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {text}
                </Blockquote>
              )}
              <Table withRowBorders={false} verticalSpacing={2}>
                <Table.Tbody>
                  {[[t('words.customer'), customer], [t('words.category'), category], ...Object.entries(fields)].map(
                    ([name, value]) => (
                      <Table.Tr key={name}>
                        <Table.Th scope="row" fw={400} c="dimmed" w="35%">
                          {name}
                        </Table.Th>
                        <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                      </Table.Tr>
                    ),
                  )}
                </Table.Tbody>
              </Table>
              {mayTeach && (
                <Text size="sm">
                  <Go href={`/sorting?request=${request}`}>{t('words.correct')}</Go>
                </Text>
              )}
            </Stack>
          </Paper>
        )
      }
    </QueryState>
  );
}
