/** What the market's people see and do of money: each noun's handlers stand in a file of their own beside this one. */
import { api } from '../middleware/api.ts';
import { getCompanyBillingProfile } from './billing-profile.ts';

export const handler = api('money', { getCompanyBillingProfile });
