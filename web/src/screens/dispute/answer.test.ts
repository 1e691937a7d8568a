import { describe, expect, it } from 'vitest';
import { AnswerInput } from '../../../../shared/dispute/dispute.ts';
import { toAnswer } from './answer.ts';

describe('an answer', () => {
  it.each([
    ['accept', { answer: 'accept' }],
    ['contest', { answer: 'contest', statement: 'It was solved.' }],
    ['accept_part', { answer: 'accept_part', bps: 3_350, statement: 'It was solved.' }],
  ])('%s sends what the market takes', (answer, body) => {
    const made = toAnswer({ answer, bps: 33.5, statement: 'It was solved.' });
    expect(made).toEqual(body);
    expect(AnswerInput.safeParse(made).success).toBe(true);
  });
});
