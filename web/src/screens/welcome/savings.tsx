/** From a file to a saving: read, columns, kinds with their queues, estimate. The file stays in this browser. */
import { Alert, Button, Group, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { Columns } from './columns.tsx';
import { DropFile } from './drop-file.tsx';
import { Found } from './found.tsx';
import { t } from './messages.en.ts';
import type { Counts, Only } from './tickets/count.ts';
import { companyColumn, guess, type Mapping } from './tickets/mapping.ts';
import { countTickets, type Look, lookAt, type Progress as Read, UnreadableFile } from './tickets/read.ts';

type Given = { file: File; look: Look; mapping: Mapping; only: Only; isSure: boolean };

export function Savings({ queues }: { queues: readonly PublicQueue[] }) {
  const [given, setGiven] = useState<Given | null>(null);
  const [counts, setCounts] = useState<Counts | null>(null);
  const [reading, setReading] = useState<{ file: File; progress: Read | null } | null>(null);
  const [problem, setProblem] = useState('');

  const read = async (file: File, work: (onProgress: (progress: Read) => void) => Promise<void>) => {
    setProblem('');
    setReading({ file, progress: null });
    try {
      await work((progress) => setReading({ file, progress }));
    } catch (error) {
      const code = error instanceof UnreadableFile ? error.code : 'unreadable';
      setProblem(t(`read.${code}`, { name: file.name, detail: error instanceof Error ? error.message : '' }));
    }
    setReading(null);
  };
  const count = (next: Given) =>
    read(next.file, async (onProgress) => {
      setGiven(next);
      setCounts(await countTickets(next, onProgress));
    });
  const open = (file: File) =>
    read(file, async (onProgress) => {
      setCounts(null);
      setGiven(null);
      const look = await lookAt(file);
      const { mapping, isSure } = guess(look.header, navigator.language);
      const next = { file, look, mapping, isSure, only: onlyFirst(look) };
      setGiven(next);
      setCounts(await countTickets(next, onProgress));
    });
  return (
    <>
      {given === null && reading === null && <DropFile onFile={(file) => void open(file)} />}
      {problem !== '' && (
        <Alert color="red" variant="default" mt="md" role="alert">
          {problem}
        </Alert>
      )}
      {reading !== null && <Reading file={reading.file} progress={reading.progress} />}
      {given !== null && (
        <>
          <Group justify="space-between" mt="md" mb="xs">
            <Text fw={600}>{given.file.name}</Text>
            <Button
              variant="default"
              size="xs"
              onClick={() => {
                setGiven(null);
                setCounts(null);
                setProblem('');
              }}
            >
              {t('drop.other')}
            </Button>
          </Group>
          <Columns
            look={given.look}
            mapping={given.mapping}
            only={given.only}
            isSure={given.isSure}
            isBusy={reading !== null}
            onChange={(change) => void count({ ...given, ...change })}
          />
        </>
      )}
      {counts !== null && <Found key={given?.file.name} counts={counts} queues={queues} />}
    </>
  );
}

/** A file of many companies is counted for the one it begins with, until another is chosen. */
function onlyFirst({ header, sample }: Look): Only {
  const column = companyColumn(header);
  if (column === undefined) return null;
  const place = header.indexOf(column);
  const often = new Map<string, number>();
  for (const row of sample) {
    const value = row[place] ?? '';
    if (value !== '') often.set(value, (often.get(value) ?? 0) + 1);
  }
  const [first] = [...often].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return often.size < 2 || first === undefined ? null : { column, value: first[0] };
}

function Reading({ file, progress }: { file: File; progress: Read | null }) {
  const share = progress === null ? 0 : Math.min(100, (progress.bytes / file.size) * 100);
  return (
    <div role="status" aria-live="polite">
      <Text size="sm" mt="md" mb={4}>
        {progress === null
          ? t('read.looking', { name: file.name })
          : t('read.counting', { name: file.name, rows: progress.rows })}
      </Text>
      <Progress value={share} aria-label={file.name} />
    </div>
  );
}
