/** A sample message: what can be chosen from, and what the mapping makes of it. */
import { Paper, Stack, Table, Text, Textarea, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { applyMapping } from '../../../../shared/request/mapping.ts';
import { mappingOf, NEEDED, pathsIn, type Rows } from './mapping-rows.ts';
import { t } from './messages.en.ts';

export type SampleState = { text: string; setText: (text: string) => void; parsed: unknown; paths: string[] };

/** `parsed` is undefined as long as the text is no JSON. */
export function useSample(): SampleState {
  const [text, setText] = useState('');
  const parsed = useMemo(() => parsedOf(text), [text]);
  const paths = useMemo(() => pathsIn(parsed), [parsed]);
  return { text, setText, parsed, paths };
}

function parsedOf(text: string): unknown {
  try {
    return text.trim() === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Props = { of: SampleState; rows: Rows; showsResult: boolean };

export function Sample({ of: { text, setText, parsed }, rows, showsResult }: Props) {
  const isNoJson = text.trim() !== '' && parsed === undefined;
  return (
    <Paper p="md">
      <Stack>
        <Title order={2}>{t('sample.title')}</Title>
        <Textarea
          label={t('sample.label')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={8}
          maxRows={20}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          {...(isNoJson ? { error: t('sample.not') } : {})}
        />
        {showsResult && parsed !== undefined && <Becomes rows={rows} sample={parsed} />}
      </Stack>
    </Paper>
  );
}

function Becomes({ rows, sample }: { rows: Rows; sample: unknown }) {
  const { fields = {}, ...plain } = applyMapping(mappingOf(rows), sample);
  const lines = [
    ...Object.entries(plain).map(([field, value]) => ({ name: t(`field.${field as 'text'}`), value })),
    ...Object.entries(fields).map(([name, value]) => ({ name, value })),
  ];
  const missing = NEEDED.filter((field) => plain[field] === undefined);
  return (
    <div aria-live="polite">
      <Text size="sm" fw={600} mb={4}>
        {t('sample.becomes')}
      </Text>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('sample.nothing')}
        </Text>
      ) : (
        <Table>
          <Table.Tbody>
            {lines.map(({ name, value }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" style={{ width: '8rem', verticalAlign: 'top' }}>
                  {name}
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {missing.length > 0 && (
        <Text size="sm" className="bad" mt="xs">
          {t('sample.missing', { fields: missing.map((field) => t(`field.${field}`)).join(', ') })}
        </Text>
      )}
    </div>
  );
}
