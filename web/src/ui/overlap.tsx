/** For how long the secret before still works, where another one is made. */
import { Radio, Stack } from '@mantine/core';
import { t } from '../messages/en.ts';

type Hours = 0 | 1 | 24 | 168;
type Props = { offered: readonly Hours[]; value: number; onChange: (hours: number) => void };

export function Overlap({ offered, value, onChange }: Props) {
  return (
    <Radio.Group label={t('overlap')} value={String(value)} onChange={(chosen) => onChange(Number(chosen))}>
      <Stack gap={6} mt={4}>
        {offered.map((hours) => (
          <Radio key={hours} value={String(hours)} label={t(`overlap.${hours}`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
