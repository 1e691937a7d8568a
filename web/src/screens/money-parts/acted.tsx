/** Who did something and when, as two facts; nothing where nobody did. */
import { PersonName } from '../../ui/names.tsx';
import { When } from '../../ui/values.tsx';
import { Fact } from '../finance-parts/facts.tsx';

type Props = {
  /** What the facts are called. */
  by: string;
  at: string;
  who: string | null;
  when: string | null;
};

export function Acted({ by, at, who, when }: Props) {
  if (who === null) return null;
  return (
    <>
      <Fact name={by}>
        <PersonName id={who} />
      </Fact>
      <Fact name={at}>
        <When iso={when} show="absolute" />
      </Fact>
    </>
  );
}
