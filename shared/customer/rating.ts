/** What a customer says of how it was resolved. */
import * as z from 'zod';

export const RatingInput = z
  .strictObject({
    stars: z.int().min(1).max(5),
    comment: z.string().trim().max(1_000).default(''),
  })
  .meta({ id: 'RatingInput' });
export type RatingInput = z.infer<typeof RatingInput>;
