/** One request: where it stands, what to say about it, what was said, who saw it, one's data. */
import { useState } from 'react';
import type { View } from './api.ts';
import { Judgement } from './judgement.tsx';
import { MyData } from './my-data.tsx';
import { Rating } from './rating.tsx';
import { Seen } from './seen.tsx';
import { Standing } from './standing.tsx';
import { Thread } from './thread.tsx';
import { offersOf } from './where.ts';

export function Request({ view }: { view: View }) {
  const offers = offersOf(view.state, view);
  const [said, say] = useState('');
  return (
    <>
      <Standing view={view} />
      <p role="status" className={said === '' ? 'hidden' : 'said'}>
        {said}
      </p>
      <Judgement view={view} offers={offers} say={say} />
      {offers.rating && <Rating view={view} say={say} />}
      <Thread view={view} mayWrite={offers.message} />
      <Seen />
      <MyData view={view} offers={offers} say={say} />
    </>
  );
}
