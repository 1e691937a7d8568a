/** A state that outlives the end of the session: see `drafts.ts`. */
import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';
import { draftKey, keepDraft, readDraft } from './drafts.ts';
import { currentSession } from './session.ts';

/** Of the person who is signed in; without a name it is kept nowhere. Leaving the page forgets it. */
export function useDraft<T>(name: string | undefined, initial: T): [T, Dispatch<SetStateAction<T>>] {
  const [key] = useState(() => keyOf(name));
  const [first] = useState(() => initial);
  const [value, setValue] = useState<T>(() => (key === undefined ? undefined : readDraft<T>(key)) ?? first);
  useEffect(() => {
    if (key !== undefined) keepDraft(key, value === first ? undefined : value);
  }, [key, value, first]);
  useEffect(
    () => () => {
      // Whoever goes while signed in has given it up; whose session has ended comes back.
      if (key !== undefined && currentSession().status === 'in') keepDraft(key, undefined);
    },
    [key],
  );
  return [value, setValue];
}

/** The key of what the person signed in writes under a name. */
export function keyOf(name: string | undefined): string | undefined {
  const session = currentSession();
  return name === undefined || session.status !== 'in' ? undefined : draftKey(session, name);
}
