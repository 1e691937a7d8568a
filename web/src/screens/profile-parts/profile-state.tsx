/** A profile that may not have been written yet: then its empty form stands below what is missing without it. */
import { Alert } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { QueryState } from '../../ui/states.tsx';

type Props<T> = {
  of: UseQueryResult<T>;
  /** What cannot be done without it. */
  notYet: string;
  empty: ReactNode;
  children: (found: T) => ReactNode;
};

export function ProfileState<T>({ of, notYet, empty, children }: Props<T>) {
  const isMissing = of.error instanceof ParleyProblem && of.error.status === 404;
  if (!isMissing) return <QueryState of={of}>{children}</QueryState>;
  return (
    <>
      <Alert color="yellow" variant="default" mb="lg">
        {notYet}
      </Alert>
      {empty}
    </>
  );
}
