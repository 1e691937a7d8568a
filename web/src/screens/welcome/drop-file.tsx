/** Where a file is dropped or chosen. */
import { Button, Group, Text } from '@mantine/core';
import { type DragEvent, useRef, useState } from 'react';
import { t } from './messages.en.ts';
import { sampleFile } from './sample.ts';
import classes from './welcome.module.css';

const ACCEPTED = '.csv,.tsv,.txt,.gz,text/csv';

export function DropFile({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way more; the button inside does the same
    <div
      className={isOver ? `${classes.drop} ${classes.over}` : classes.drop}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      <Text fw={600} size="lg">
        {t('drop.title')}
      </Text>
      <Text c="dimmed" mb="md">
        {t('drop.text')}
      </Text>
      <Group justify="center" gap="sm">
        <Button onClick={() => input.current?.click()}>{t('drop.choose')}</Button>
        <Button variant="default" onClick={() => onFile(sampleFile())}>
          {t('drop.sample')}
        </Button>
      </Group>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        hidden
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) onFile(file);
        }}
      />
    </div>
  );
}
