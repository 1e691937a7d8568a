import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Flags',
  lead: 'What the screens for collusion found. A flag asks a person to look; it changes no award.',
  state: 'State',
  open: 'Open',
  reviewed: 'Looked into',
  dismissed: 'Dismissed',
  none: 'No flags here',
  'none.text': 'Every cleared round is screened by the published rules.',
  round: 'Round {round}',
  providers: 'Providers',
  'figures.of': '{name}: {value} (rule: {threshold})',
  raised: 'Raised',
  innocent: 'What else can look like this',
  why: 'Why it is a sign',
  reviewedBy: 'Reviewed by',
  'review.note': 'What you found, for whoever reads it next',
  'review.act': 'Looked into, acted on',
  'review.dismiss': 'Dismiss, an innocent reason',
  'review.done': 'Your review stands; it cannot be changed.',
  more: 'Show more',
});
