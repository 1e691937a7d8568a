/** What takes two people: the buttons for whoever may be the second, and else a sentence that says who is. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMay, useSignedIn } from '../../auth/session.ts';
import { t } from './messages.en.ts';

type Props = {
  /** Users of whom none decides: who proposed it, who decided what it follows from. */
  makers: readonly (string | null)[];
  children: ReactNode;
};

export function SecondPerson({ makers, children }: Props) {
  const { user } = useSignedIn();
  const decides = useMay('market.finance');
  if (decides && !makers.includes(user)) return children;
  return (
    <Text size="sm" c="dimmed" maw={320}>
      {t(decides ? 'second.yours' : 'second.finance')}
    </Text>
  );
}
