import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Sign in to Parley',
  who: 'For companies, providers and the market’s own people. A company’s customers need no account: the link in their mail opens their request.',
  kept: 'Your session has ended. What you had written is kept, and waits where you were.',
  lead: 'On this machine anybody may be tried out: choose a person of the market, or type any address.',
  find: 'Find a person or an organisation',
  email: 'Another e-mail address',
  'email.go': 'Sign in',
  'kind.company': 'Companies',
  'kind.provider': 'Providers',
  'kind.market': 'The market',
  none: 'Nobody is here yet: the demo is still being filled, or this market is empty. Type an address to begin.',
  nobody: 'Nobody has this name.',
  hosted: 'You sign in with a passkey on the pages of our identity provider.',
  'hosted.go': 'Continue',
  returning: 'Signing you in …',
  failed: 'The sign-in did not work',
  again: 'Start again',
  look: 'Look at the market without signing in',
});
