import { expect, it } from 'vitest';
import { DecisionInput } from '../../../../shared/dispute/dispute.ts';
import { toDecision } from './to-decision.ts';

it.each([
  ['accept', { outcome: 'accept', reason: 'It came back.' }],
  ['reject', { outcome: 'reject', reason: 'It came back.' }],
  ['part', { outcome: 'accept', share: { bps: 2_550 }, reason: 'It came back.' }],
])('the decision %s sends what the market takes', (outcome, body) => {
  const made = toDecision({ outcome, percent: 25.5, reason: 'It came back.' });
  expect(made).toEqual(body);
  expect(DecisionInput.safeParse(made).success).toBe(true);
});
