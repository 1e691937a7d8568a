import { describe, expect, it } from 'vitest';
import {
  axisMoney,
  clockText,
  durationText,
  isFinerThanCents,
  moneyText,
  percentText,
  relativeText,
} from './format.ts';

const EN = { locale: 'en-US' };

describe('money', () => {
  it('is shown with two digits, exactly where asked', () => {
    expect(moneyText(1_234_567_890, 'USD', EN)).toBe('$1,234.57');
    expect(moneyText(1_234_567_890, 'USD', { ...EN, exact: true })).toBe('$1,234.56789');
    expect(moneyText(-500_000, 'USD', EN)).toBe('-$0.50');
    expect(moneyText(1_500_000, 'EUR', { locale: 'de-DE' })).toBe('1,50\u00a0€');
    expect(moneyText(7, 'USD', { ...EN, exact: true })).toBe('$0.000007');
    // What rounds to nothing has no sign.
    expect(moneyText(-2_000, 'USD', EN)).toBe('$0.00');
  });

  it('is short beside an axis', () => {
    expect([0, 4.5, 120, 1_050].map(axisMoney('USD', 'en-US'))).toEqual(['$0', '$4.50', '$120', '$1.05K']);
  });

  it('loses no digit where a number with a point would', () => {
    expect(moneyText(9_007_199_254_740_991, 'USD', { ...EN, exact: true })).toBe('$9,007,199,254.740991');
  });

  it('says where two digits are not all of it', () => {
    expect([isFinerThanCents(1_230_000), isFinerThanCents(1_234_000), isFinerThanCents(-1)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('time', () => {
  const now = Date.UTC(2026, 0, 10);
  const hour = 3_600_000;

  it('is told as seen from now', () => {
    expect(relativeText(now + 50 * hour, now, 'en')).toBe('in 2 days');
    expect(relativeText(now - 2 * hour, now, 'en')).toBe('2 hours ago');
    expect(relativeText(now + 20_000, now, 'en')).toBe('this minute');
  });

  it('is long in its two largest units', () => {
    expect(durationText(50 * hour + 60_000, 'en')).toBe('2d 2h');
    expect(durationText(5 * 60_000, 'en')).toBe('5m');
    expect(durationText(0, 'en')).toBe('0m');
    expect(durationText(-hour, 'en')).toBe('0m');
  });
});

it('a share is shown in percent', () => {
  expect(percentText(1_250, 'en')).toBe('12.5%');
});

describe('a countdown', () => {
  it('shows minutes and seconds, and from an hour on what one can take in', () => {
    expect(clockText(272_000)).toBe('4:32');
    expect(clockText(9_001)).toBe('0:10');
    expect(clockText(-5)).toBe('0:00');
    expect(clockText(2 * 3_600_000, 'en-US')).toBe('2h');
  });
});
