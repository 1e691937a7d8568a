/** The few figures that matter most, side by side above everything else. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './figures.module.css';

export function Figures({ children }: { children: ReactNode }) {
  return (
    <dl className={classes.figures} data-figures="">
      {children}
    </dl>
  );
}

/** One of them: its name, its value, and in a few words what to hold it against. */
export function Figure({ name, note, children }: { name: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={classes.value}>{children}</span>
        {note !== undefined && (
          <Text size="sm" c="dimmed" component="div" mt={3}>
            {note}
          </Text>
        )}
      </dd>
    </div>
  );
}
