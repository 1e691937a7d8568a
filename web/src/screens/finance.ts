/** What finance people of all three sides do: charges, invoices, disputes, payouts, close. How to add a screen: web/README.md. */
import type { Screen } from '../app/screen.ts';

export const financeScreens: readonly Screen[] = [];
