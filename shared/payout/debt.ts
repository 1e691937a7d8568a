/** What a provider owes and the market gives up, by two people. */
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

export const Debt = z
  .object({
    id: z.string(),
    ...DebtInput.shape,
    madeBy: z.string(),
    madeAt: Instant,
    approvedBy: z.string().nullable(),
    approvedAt: Instant.nullable(),
  })
  .meta({ id: 'ProviderDebt', description: 'What a provider owes, given up once a second person approves' });
export type Debt = z.infer<typeof Debt>;
