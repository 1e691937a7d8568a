/** What one person proposed waits: another approves it, or somebody takes it back. */
import { Group } from '@mantine/core';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { SecondPerson } from './second-person.tsx';

type Choice = {
  label: string;
  title: string;
  /** What it will cost or change. */
  consequence: string;
  act: () => Promise<unknown>;
  /** What is said when it was done. */
  done: string;
};
type Props = { maker: string; approve: Choice; withdraw: Choice; size?: 'compact-sm' };

export function Decide({ maker, approve, withdraw, ...size }: Props) {
  return (
    <Group gap="xs">
      {useMay('market.finance') && <ConfirmButton {...withdraw} variant="default" {...size} />}
      <SecondPerson makers={[maker]}>
        <ConfirmButton {...approve} variant="filled" {...size} />
      </SecondPerson>
    </Group>
  );
}
