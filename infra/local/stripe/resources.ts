/** All that the stand-in serves. */
import type { Resource } from './resource.ts';
import { customers } from './resources/customers.ts';
import { events } from './resources/events.ts';
import { taxIds } from './resources/tax-ids.ts';

export const RESOURCES: readonly Resource[] = [customers, events, taxIds];
