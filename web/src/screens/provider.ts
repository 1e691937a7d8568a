/** What a provider does: opportunities, bids, the desk, lanes, earnings. How to add a screen: web/README.md. */
import type { Screen } from '../app/screen.ts';

export const providerScreens: readonly Screen[] = [];
