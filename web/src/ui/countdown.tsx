/** A clock that runs down to an instant, second by second: `4:32`. What is over says so. */
import { useEffect, useState } from 'react';
import { useMarketClock, useNow } from '../app/market-time.ts';
import { absoluteText, clockText } from './format.ts';

const SECOND_MS = 1_000;

/** What time it is in the market, in milliseconds, to the second. */
export function useSeconds(): number {
  const now = useNow();
  const isStanding = useMarketClock()?.mode === 'standing';
  const [passed, setPassed] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each reading of the clock starts a new count
  useEffect(() => {
    setPassed(0);
    if (isStanding) return undefined;
    const since = performance.now();
    const timer = setInterval(() => setPassed(performance.now() - since), SECOND_MS);
    return () => clearInterval(timer);
  }, [now, isStanding]);
  return now + passed;
}

export function Countdown({ iso, over }: { iso: string; over: string }) {
  const left = Date.parse(iso) - useSeconds();
  return (
    <time dateTime={iso} title={absoluteText(Date.parse(iso))} className="number">
      {left <= 0 ? over : clockText(left)}
    </time>
  );
}
