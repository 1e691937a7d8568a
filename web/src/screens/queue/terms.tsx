/** The terms of a queue, version by version, with what each changed. */
import { Box, Select, Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { absoluteText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { t } from './messages.en.ts';
import classes from './queue.module.css';
import { termLines } from './terms-lines.ts';

export function TermsOfQueue({ queue }: { queue: PublicQueue }) {
  const [{ terms }, setState] = useUrlState({ terms: '' });
  const inForce = queue.current?.termsVersion ?? queue.termsVersion;
  const shown = Number(terms) || inForce;
  const versions = Array.from({ length: queue.termsVersion }, (_, n) => queue.termsVersion - n);
  return (
    <Box maw={760}>
      <Select
        label={t('terms.version')}
        maw={220}
        mb="sm"
        allowDeselect={false}
        value={String(shown)}
        onChange={(version) => setState({ terms: version ?? '' })}
        data={versions.map((version) => ({
          value: String(version),
          label: version === inForce ? t('terms.version.now', { version: String(version) }) : String(version),
        }))}
      />
      <Version key={shown} queue={queue} version={shown} />
    </Box>
  );
}

function Version({ queue, version }: { queue: PublicQueue; version: number }) {
  const path = '/v1/queues/{queue}/terms/{version}';
  const read = useRead(path, { path: { queue: queue.id, version } });
  const before = useRead(path, { path: { queue: queue.id, version: version - 1 } }, { enabled: version > 1 });
  return (
    <QueryState of={read}>
      {({ terms, publishedAt, fromRound }) => {
        const lines = termLines(terms, before.data?.terms ?? null, queue.currency);
        return (
          <>
            <Text size="sm" c="dimmed" mb="sm">
              {t('terms.published', { time: absoluteText(Date.parse(publishedAt)), round: String(fromRound) })}
            </Text>
            <DataTable
              caption={t('terms.caption')}
              rows={lines}
              rowKey={({ key }) => key}
              columns={[
                { key: 'term', header: t('terms.term'), cell: ({ name }) => name },
                { key: 'value', header: t('terms.value'), isNumber: true, cell: ({ value }) => value },
                ...(lines.some((line) => line.before !== null)
                  ? [
                      {
                        key: 'before',
                        header: t('terms.before', { version: String(version - 1) }),
                        isNumber: true,
                        cell: (line: { before: string | null }) => (
                          <span className={classes.changed}>{line.before ?? ''}</span>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          </>
        );
      }}
    </QueryState>
  );
}
