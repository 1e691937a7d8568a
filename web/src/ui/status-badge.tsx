/** Where something stands, in a word. Colour only underlines it. */
import { Badge } from '@mantine/core';

export type Tone = 'neutral' | 'info' | 'good' | 'warning' | 'bad';
const COLOURS: Record<Tone, string> = { neutral: 'gray', info: 'ink', good: 'green', warning: 'yellow', bad: 'red' };

/** `states` maps each state to its word and tone: a table that a screen keeps beside its texts. */
export function StatusBadge<S extends string>({
  state,
  states,
}: {
  state: S;
  states: Readonly<Record<S, { text: string; tone: Tone }>>;
}) {
  const { text, tone } = states[state] ?? { text: state, tone: 'neutral' };
  return (
    <Badge color={COLOURS[tone]} className={`badge-${tone}`} miw="max-content">
      {text}
    </Badge>
  );
}
