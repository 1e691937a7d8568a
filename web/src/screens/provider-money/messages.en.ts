import { texts } from '../../messages/texts.ts';

export const t = texts({
  lead: 'Whom its pay goes to, how its account at Stripe stands, and what it was paid.',
  runs: 'Payout runs',
  account: 'Account at Stripe',
  id: 'Account',
  needs: 'Stripe still asks for:',
  profile: 'Payout profile',
  'profile.none': 'It has not said yet who is paid: nothing can be paid to it, and no invoice be issued in its name.',
  legalName: 'Legal name',
  address: 'Address',
  email: 'Stripe and the market write to',
  taxId: 'Tax id',
  changed: 'Changed',
  payouts: 'Payouts',
  'payouts.caption': 'Payouts of the provider, the newest first',
  'payouts.empty': 'Nothing was paid to it yet',
  'payouts.empty.text': 'What it earns is payable once it is confirmed and its window has passed; runs pay it.',
  payable: 'Payable',
  'payable.open': 'Open its account',
  debts: 'Debts given up',
  run: 'Run',
});
