/** `npm run test:crash`: every mode at every call, and every kind of weather. */
import { checkFlows } from './check.ts';

checkFlows('all');
