/** Which messages of a webhook count. */
import { ActionIcon, Autocomplete, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { t } from './messages.en.ts';
import type { OnlyRow } from './values.ts';

/** As many as the API takes. */
const MOST = 5;

type Props = { rows: readonly OnlyRow[]; paths: readonly string[]; onChange: (rows: readonly OnlyRow[]) => void };

export function Only({ rows, paths, onChange }: Props) {
  const set = (place: number, change: Partial<OnlyRow>) =>
    onChange(rows.map((row, n) => (n === place ? { ...row, ...change } : row)));
  return (
    <Stack>
      <div>
        <Title order={2}>{t('only.title')}</Title>
        <Text size="sm" c="dimmed">
          {t('only.lead')}
        </Text>
      </div>
      {rows.map(({ path, is }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no id but its place
        <Group key={place} gap="xs" align="flex-end" wrap="nowrap">
          <Autocomplete
            label={t('only.path', { n: place + 1 })}
            style={{ flex: 1 }}
            value={path}
            data={[...paths]}
            onChange={(value) => set(place, { path: value })}
          />
          <TextInput
            label={t('only.is')}
            style={{ flex: 2 }}
            value={is}
            onChange={(event) => set(place, { is: event.currentTarget.value })}
          />
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('only.remove', { n: place + 1 })}
            onClick={() => onChange(rows.filter((_, n) => n !== place))}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      {rows.length < MOST && (
        <Button variant="default" size="xs" w="fit-content" onClick={() => onChange([...rows, { path: '', is: '' }])}>
          {t('only.add')}
        </Button>
      )}
    </Stack>
  );
}
