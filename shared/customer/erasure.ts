/** An erasure, as customer and company see it. */
import * as z from 'zod';
import { Instant } from '../kernel/time.ts';
import { RequestId } from '../request/request.ts';

export const Erasure = z
  .object({
    customer: z.string().meta({ description: 'Hash of the handle: the handle itself is erased' }),
    requestedAt: Instant,
    erasedAt: Instant.nullable(),
    requests: z.array(RequestId).meta({ description: 'Whose words were erased; the first 500' }),
  })
  .meta({ id: 'Erasure' });
export type Erasure = z.infer<typeof Erasure>;
