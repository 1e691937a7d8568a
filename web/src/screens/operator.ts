/** What the market operator does: rounds, terms, organisations, flags, dead letters, health. How to add a screen: web/README.md. */
import type { Screen } from '../app/screen.ts';

export const operatorScreens: readonly Screen[] = [];
