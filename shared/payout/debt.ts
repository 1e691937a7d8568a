/** What a provider owes and the market gives up, by two people: `proposed`, then `approved` by another, or `withdrawn`. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

export const DebtInput = z
  .strictObject({
    provider: OrganisationId,
    currency: Currency,
    micros: z.int().min(1).max(1_000_000_000_000),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'ProviderDebtInput' });
export type DebtInput = z.infer<typeof DebtInput>;

export const DebtState = z.enum(['proposed', 'approved', 'withdrawn']).meta({ id: 'ProviderDebtState' });
export type DebtState = z.infer<typeof DebtState>;

export const Debt = z
  .object({
    id: z.string(),
    ...DebtInput.shape,
    state: DebtState,
    madeBy: z.string(),
    madeAt: Instant,
    approvedBy: z.string().nullable(),
    approvedAt: Instant.nullable(),
  })
  .meta({ id: 'ProviderDebt', description: 'What a provider owes, given up once a second person approves' });
export type Debt = z.infer<typeof Debt>;
