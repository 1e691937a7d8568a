/** One figure at a glance: what it is, how much, and a line that puts it into proportion. */
import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <Paper p="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={24} fw={650} lh={1.3} component="div">
        {value}
      </Text>
      {note !== undefined && (
        <Text size="sm" c="dimmed" component="div" mt={2}>
          {note}
        </Text>
      )}
    </Paper>
  );
}
