/** What an agent has written but not sent, turn by turn, as long as the desk is open or a session that ended is begun again. */
import { useEffect, useRef, useState } from 'react';
import { keepDraft, readDraft } from '../../auth/drafts.ts';
import { currentSession } from '../../auth/session.ts';
import { keyOf } from '../../auth/use-draft.ts';

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
    const found = kept.current.get(lease) ?? { ...fresh(), ...written(lease) };
    kept.current.set(lease, found);
    return found;
  };
  useEffect(
    () => () => {
      // Whoever leaves the desk while signed in is asked before; what is written then is given up.
      if (currentSession().status === 'in') for (const lease of kept.current.keys()) keep(lease, undefined);
    },
    [],
  );
  return {
    of,
    set: (lease, change) => {
      const draft = { ...of(lease), ...change, id: crypto.randomUUID() };
      kept.current.set(lease, draft);
      keep(lease, draft.text === '' ? undefined : { text: draft.text, kind: draft.kind });
      draw((n) => n + 1);
    },
    forget: (lease) => {
      kept.current.delete(lease);
      keep(lease, undefined);
    },
  };
}

/** The words alone: files are chosen anew. */
type Written = Pick<Draft, 'text' | 'kind'>;

function written(lease: string): Written | undefined {
  const key = keyOf(`turn ${lease}`);
  return key === undefined ? undefined : readDraft<Written>(key);
}

function keep(lease: string, words: Written | undefined): void {
  const key = keyOf(`turn ${lease}`);
  if (key !== undefined) keepDraft(key, words);
}
