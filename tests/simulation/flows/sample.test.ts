/** The flows with a crash after each write and message, and with each command sent twice. `npm run test:crash` plays all. */
import { checkFlows } from './check.ts';

checkFlows('sample');
