/** What is written but not sent, turn by turn, as long as the desk is open: customers' words are kept nowhere else. */
import { useRef, useState } from 'react';

export type Draft = {
  /** The message's own id: what is sent again under it is the same message. */
  id: string;
  kind: 'message' | 'note';
  text: string;
  files: readonly File[];
  /** What of the files is there already, so that a repetition goes on where it stopped. */
  uploaded: Map<File, string>;
};

const fresh = (): Draft => ({ id: crypto.randomUUID(), kind: 'message', text: '', files: [], uploaded: new Map() });

export type Drafts = {
  of: (lease: string) => Draft;
  /** Other content is another message, so it gets another id. */
  set: (lease: string, change: Partial<Draft>) => void;
  forget: (lease: string) => void;
};

export function useDrafts(): Drafts {
  const kept = useRef(new Map<string, Draft>());
  const [, draw] = useState(0);
  const of = (lease: string): Draft => {
    const found = kept.current.get(lease) ?? fresh();
    kept.current.set(lease, found);
    return found;
  };
  return {
    of,
    set: (lease, change) => {
      kept.current.set(lease, { ...of(lease), ...change, id: crypto.randomUUID() });
      draw((n) => n + 1);
    },
    forget: (lease) => kept.current.delete(lease),
  };
}
