import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { openClock, sharedClock } from './clock.ts';

const T0 = Date.UTC(2026, 0, 1);

/** A folder that keeps its files in memory, as text, the way a disk does. */
function memoryFolder() {
  const files = new Map<string, string>();
  const write = (name: string, value: unknown) => void files.set(name, JSON.stringify(value));
  return {
    readJson: <S extends z.ZodType>(name: string, schema: S): z.infer<S> | undefined => {
      const text = files.get(name);
      return text === undefined ? undefined : schema.parse(JSON.parse(text));
    },
    writeJson: write,
    rewriteJson: write,
  };
}

describe('the market clock', () => {
  it('shows the machine’s time until somebody sets it', () => {
    const clock = openClock(memoryFolder(), () => T0);
    expect(clock.mode).toBeNull();
    expect(clock.now()).toBe(T0);
  });

  it('takes the first choice anywhere in time, answers the same choice alike and refuses another', () => {
    const clock = openClock(memoryFolder(), () => T0);
    const past = Date.UTC(2015, 5, 1);
    expect(clock.set('standing', past, true)).toMatchObject({ ok: true });
    expect(clock.now()).toBe(past);
    clock.advance(past + 5_000);
    expect(clock.set('standing', past, false)).toMatchObject({ ok: true });
    expect(clock.now()).toBe(past + 5_000);
    expect(clock.set('running', past, true)).toMatchObject({ ok: false, code: 'clock_mode_fixed' });
    expect(clock.set('standing', past + 1, true)).toMatchObject({ ok: false, code: 'clock_mode_fixed' });
  });

  it('is not chosen any more once the market works by the real time', () => {
    const clock = openClock(memoryFolder(), () => T0);
    expect(clock.set('standing', T0 - 5_000, false)).toMatchObject({ ok: false, code: 'clock_mode_fixed' });
    expect(clock.mode).toBeNull();
  });

  it('stands still until it is moved, and only ever goes forward', () => {
    let machine = T0;
    const clock = openClock(memoryFolder(), () => machine);
    clock.set('standing', T0, true);
    machine += 60_000;
    expect(clock.now()).toBe(T0);
    expect(clock.advance(T0 + 1)).toMatchObject({ ok: true });
    expect(clock.advance(T0 + 1)).toMatchObject({ ok: true });
    expect(clock.advance(T0)).toMatchObject({ ok: false, code: 'clock_goes_forward' });
    expect(clock.now()).toBe(T0 + 1);
  });

  it('runs on with the machine after it was moved, also when the machine’s own time is set back', () => {
    let machine = T0;
    const clock = openClock(memoryFolder(), () => machine);
    clock.set('running', T0 - 1_000_000, true);
    machine += 500;
    expect(clock.now()).toBe(T0 - 1_000_000 + 500);
    clock.advance(T0);
    machine += 70;
    expect(clock.now()).toBe(T0 + 70);
    machine -= 10_000;
    expect(clock.now()).toBe(T0 + 70);
  });

  it('shows after a restart what it showed before', () => {
    const folder = memoryFolder();
    const standing = openClock(folder, () => T0);
    standing.set('standing', 1_000, true);
    standing.advance(7_000);
    expect(openClock(folder, () => T0 + 99_999)).toMatchObject({ mode: 'standing' });
    expect(openClock(folder, () => T0 + 99_999).now()).toBe(7_000);

    const other = memoryFolder();
    openClock(other, () => T0).set('running', T0 + 3_600_000, true);
    expect(openClock(other, () => T0 + 10).now()).toBe(T0 + 3_600_010);
  });

  it('is the same for other threads, whether it runs or stands', () => {
    let machine = T0;
    const clock = openClock(memoryFolder(), () => machine);
    const theirs = sharedClock(clock.shared, () => machine);
    expect(theirs.now()).toBe(T0);
    machine += 500;
    expect(theirs.now()).toBe(clock.now());
    const before1970 = -12_345;
    clock.set('standing', before1970, true);
    expect([clock.now(), theirs.now()]).toEqual([before1970, before1970]);
    clock.advance(T0 + 7);
    machine += 500;
    expect([clock.now(), theirs.now()]).toEqual([T0 + 7, T0 + 7]);
    const running = openClock(memoryFolder(), () => machine);
    const follower = sharedClock(running.shared, () => machine);
    running.set('running', T0 - 90_000, true);
    machine += 1_000;
    expect([running.now(), follower.now()]).toEqual([T0 - 89_000, T0 - 89_000]);
    machine -= 5_000;
    expect([running.now(), follower.now()]).toEqual([T0 - 89_000, T0 - 89_000]);
  });
});
