/** A picture of numbers: what it shows in a sentence, the picture, and the same numbers as a table for everybody. */
import { Skeleton, Table, Text } from '@mantine/core';
import { type ReactNode, Suspense, useId } from 'react';
import { t } from '../messages/en.ts';
import classes from './chart-frame.module.css';

type Props = {
  title: string;
  /** What one should see in it: also what is read out in place of the picture. */
  summary: string;
  heightPx?: number;
  table: { head: readonly string[]; rows: readonly (readonly ReactNode[])[] };
  /** One of `charts.tsx`. */
  children: ReactNode;
};

export function ChartFrame({ title, summary, heightPx = 240, table, children }: Props) {
  const id = useId();
  return (
    <figure className={classes.figure} aria-labelledby={id}>
      <figcaption>
        <Text id={id} fw={600}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {summary}
        </Text>
      </figcaption>
      <div aria-hidden="true" className={classes.picture} style={{ height: heightPx }}>
        <Suspense fallback={<Skeleton h={heightPx} />}>{children}</Suspense>
      </div>
      <details>
        <summary>{t('chart.table')}</summary>
        <Table.ScrollContainer minWidth={320}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {table.head.map((head) => (
                  <Table.Th key={head}>{head}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {table.rows.map((row, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a picture never move
                <Table.Tr key={n}>
                  {row.map((cell, place) => (
                    <Table.Td key={table.head[place]}>{cell}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </figure>
  );
}
