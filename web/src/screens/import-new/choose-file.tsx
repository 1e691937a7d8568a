/** A place to drop a file or to choose one. */
import { Button, FileButton, Paper, Stack, Text } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { t } from './messages.en.ts';

const ACCEPTED = '.csv,.tsv,.txt,.ndjson,.jsonl,text/csv,application/x-ndjson';

export function ChooseFile({ file, onChoose }: { file: File | null; onChoose: (file: File) => void }) {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped !== undefined) onChoose(dropped);
  };
  return (
    <Paper
      p="lg"
      style={{ borderStyle: 'dashed', borderColor: isOver ? 'var(--mantine-color-anchor)' : undefined }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Stack align="center" gap="xs">
        <FileButton
          accept={ACCEPTED}
          onChange={(chosen) => chosen !== null && onChoose(chosen)}
          inputProps={{ 'aria-label': t('file') }}
        >
          {(props) => (
            <Button {...props} variant="default">
              {t('file.choose')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c={file === null ? 'dimmed' : undefined} fw={file === null ? undefined : 600}>
          {file === null ? t('file.text') : file.name}
        </Text>
      </Stack>
    </Paper>
  );
}
