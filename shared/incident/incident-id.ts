/** An incident's name, in a file of its own: requests carry it, and incidents are made of requests. */
import * as z from 'zod';

export const IncidentId = z
  .string()
  .regex(/^in_[0-9a-z]{4,20}\.[A-Za-z0-9_-]{22}$/, 'is not an incident id')
  .meta({ description: "An incident's id, given when it is proposed or declared" });
