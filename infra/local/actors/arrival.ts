/** One customer's need as the simulated world knows it, before any company has sent it. */
import { queueIdOf, type ServiceClass } from '../../../shared/service-class/service-class.ts';

export type Arrival = {
  /** When the customer writes, in milliseconds; a whole minute. */
  at: number;
  company: string;
  /** The queue's id as it follows from the service class and the currency. */
  queue: string;
  externalId: string;
  customer: string;
  text: string;
  fields: Record<string, string>;
  /** Whether the customer will say 'not solved' after the first resolution. */
  comesBack: boolean;
};

/** All demand of a simulation, in order of time, with the service class of each queue it names. */
export type Demand = { arrivals: Arrival[]; classes: Map<string, ServiceClass> };

/** The simulated market's one currency; the price points it draws from are in US dollars. */
export const CURRENCY = 'USD';

/** Finds or adds the queue of a service class. */
export function queueOf(classes: Map<string, ServiceClass>, serviceClass: ServiceClass): string {
  const id = queueIdOf(serviceClass, CURRENCY);
  if (!classes.has(id)) classes.set(id, serviceClass);
  return id;
}

/** Order of time, ties by company and id, so that the same input always gives the same order. */
export function inOrderOfTime(a: Arrival, b: Arrival): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.company !== b.company) return a.company < b.company ? -1 : 1;
  return a.externalId < b.externalId ? -1 : a.externalId > b.externalId ? 1 : 0;
}
