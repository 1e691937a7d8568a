import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Join {name}',
  'title.gone': 'This invitation cannot be used',
  lead: 'You are invited to act for {name} as {roles}.',
  until: 'The invitation is open until {time}.',
  'as.out': 'It is for {email}. Sign in with this address to accept it.',
  'as.other': 'You are signed in as {email}, and the invitation is for {invited}.',
  signIn: 'Sign in',
  switch: 'Sign in as somebody else',
  accept: 'Join',
  'gone.invitation_expired': 'It has expired. Ask who invited you for a new one.',
  'gone.not_found':
    'It is not known: the link may be incomplete, or the invitation was taken back. Ask who invited you.',
  market: 'To the market',
});
