/** Why a company's new requests are held back, whatever its caps say. */
import * as z from 'zod';
import { Instant } from '../kernel/time.ts';

export const PauseReason = z.enum(['overdue', 'credit_limit']).meta({ id: 'PauseReason' });
export type PauseReason = z.infer<typeof PauseReason>;

export const Pause = z
  .object({
    reasons: z.array(PauseReason).min(1),
    since: Instant,
    detail: z.string().meta({ description: 'What has to happen for it to end' }),
  })
  .meta({ id: 'Pause', description: 'New requests are held back, and become ready when the pause ends' });
export type Pause = z.infer<typeof Pause>;
