/** What a company does: its home, demand, requests, playbook, limits. How to add a screen: web/README.md. */
import type { Screen } from '../app/screen.ts';

export const companyScreens: readonly Screen[] = [];
