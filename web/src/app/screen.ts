/** What a screen is: an address, who may see it, where the navigation names it, and its code, which loads when it is opened. */
import type { ComponentType } from 'react';
import type { Role } from '../../../shared/identity/identity.ts';
import { titles } from '../messages/screens.en.ts';

/** `person`: anybody signed in, with or without an organisation. */
export type Who = 'everybody' | 'person' | readonly Role[];
export type Section = 'market' | 'company' | 'provider' | 'finance' | 'operator' | 'account';
export type Icon = ComponentType<{ size?: number; stroke?: number }>;

export type Screen = {
  /** As the router writes it: `/queues/$queue`. Its title stands in `messages/screens.en.ts`. */
  path: keyof typeof titles;
  who: Who;
  /** Left out for pages that other pages lead to. */
  nav?: { section: Section; icon: Icon };
  /** Only on one machine. */
  isLocal?: boolean;
  /** Without navigation around it: sign-in, the front door. */
  isBare?: boolean;
  load: () => Promise<{ default: ComponentType }>;
};

/** The screen of the innermost of some matched routes; undefined where the address leads nowhere. */
export const screenOf = (matches: readonly { staticData: object }[]): Screen | undefined =>
  (matches.at(-1)?.staticData as { screen?: Screen } | undefined)?.screen;

/** What the navigation and the search call it. */
export const titleOf = (screen: Pick<Screen, 'path'>): string => titles[screen.path];

export const isFor = (screen: Pick<Screen, 'who'>, roles: readonly Role[], isSignedIn: boolean): boolean => {
  if (screen.who === 'everybody') return true;
  if (screen.who === 'person') return isSignedIn;
  return screen.who.some((role) => roles.includes(role));
};
