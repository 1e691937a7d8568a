/**
 * Every screen, with who looks at it. Each is opened in both schemes and two widths: axe finds nothing, nothing fails, one
 * never scrolls sideways; its pictures are kept. A new screen adds its line here, under its area.
 */
import type { Page } from 'playwright-core';
import type { DemoRole } from './support/people.ts';

export type ScreenCase = {
  /** Also the name of its pictures. */
  name: string;
  /** Null: nobody is signed in. */
  as: DemoRole | null;
  /** An address, or how to find it from the API as this person (`ask` gives the JSON of a GET). */
  path: string | ((ask: (path: string) => Promise<unknown>) => Promise<string>);
  /** What must be seen there. */
  shows: string | RegExp;
  /** Gets the page into the state to look at, such as an open dialog. */
  prepare?: (page: Page) => Promise<void>;
};

const market: ScreenCase[] = [
  { name: 'market', as: null, path: '/', shows: 'Market' },
  { name: 'market-company', as: 'company.admin', path: '/', shows: 'Market' },
];
const frontDoor: ScreenCase[] = [
  { name: 'sign-in', as: null, path: '/sign-in', shows: 'Sign in to Parley' },
  { name: 'not-found', as: null, path: '/nowhere', shows: 'There is nothing here' },
];
const company: ScreenCase[] = [
  { name: 'home', as: 'company.admin', path: '/home', shows: 'Home' },
  { name: 'home-operator', as: 'company.operator', path: '/home', shows: 'Home' },
  { name: 'demand', as: 'company.admin', path: '/demand', shows: 'Demand' },
  { name: 'post-demand', as: 'company.admin', path: '/demand/new', shows: 'Which queue?' },
];
const provider: ScreenCase[] = [];
const finance: ScreenCase[] = [];
const operator: ScreenCase[] = [];
const account: ScreenCase[] = [
  { name: 'team', as: 'company.admin', path: '/team', shows: 'Team' },
  { name: 'no-permission', as: 'company.finance', path: '/team', shows: 'This is not for your role' },
];

export const screenCases: readonly ScreenCase[] = [
  ...frontDoor,
  ...market,
  ...company,
  ...provider,
  ...finance,
  ...operator,
  ...account,
];
