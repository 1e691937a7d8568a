import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ParleyProblem } from '../../../shared/client/client.ts';
import { problem } from '../../../shared/kernel/problem.ts';
import { errorsOf, errorsOfProblem } from './use-form.ts';

describe('what is wrong with a form', () => {
  it('stands at its field, named as the API names it, the first thing first', () => {
    const schema = z.object({ tiers: z.array(z.object({ priceMicros: z.int().min(5).multipleOf(2) })) });
    const parsed = schema.safeParse({ tiers: [{ priceMicros: 6 }, { priceMicros: 3 }] });
    const errors = errorsOf(parsed.error?.issues ?? []);
    expect(Object.keys(errors)).toEqual(['tiers[1].priceMicros']);
    expect(errors['tiers[1].priceMicros']).toMatch(/5/);
  });

  it('is taken from the market’s refusal too', () => {
    const fields = [{ field: 'volume', message: 'is more than the queue has' }];
    const refused = new ParleyProblem(problem('invalid_request', 'Something does not fit.', { errors: fields }));
    expect(errorsOfProblem(refused)).toEqual({ volume: 'is more than the queue has' });
    expect(errorsOfProblem(new Error('no connection'))).toEqual({});
  });
});
