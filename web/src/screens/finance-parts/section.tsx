/** A part of a page under its heading. */
import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode };

export function Section({ title, lead, actions, children }: Props) {
  return (
    <section style={{ marginBlockEnd: '2rem' }}>
      <Group justify="space-between" align="flex-end" mb="sm" gap="xs" className="keep-with-next">
        <div>
          <Title order={2}>{title}</Title>
          {lead !== undefined && (
            <Text size="sm" c="dimmed" maw={760} className="no-print">
              {lead}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}
