/** A service class says what makes requests alike; demand of one class is pooled in one queue. */
import * as z from 'zod';

export const Category = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .meta({ description: 'What the request is about, such as "Mortgage"' });
export const Channel = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .meta({ description: 'How the customer reached the company, such as "Web" or "Phone"' });
export const SlaTier = z
  .enum(['urgent', 'standard', 'relaxed'])
  .meta({ id: 'SlaTier', description: 'How soon a request must be resolved; the hours stand in the terms' });
export type SlaTier = z.infer<typeof SlaTier>;

export const ServiceClass = z
  .strictObject({
    category: Category,
    channel: Channel,
    language: z
      .string()
      .max(35)
      .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a BCP 47 tag such as en-US')
      .meta({ description: 'BCP 47 language tag' }),
    region: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as US')
      .meta({ description: 'ISO 3166-1 alpha-2 country code' }),
    slaTier: SlaTier,
  })
  .meta({ id: 'ServiceClass' });
export type ServiceClass = z.infer<typeof ServiceClass>;

/** The queue's id follows from its class and currency, so that one class never gets two queues: `mortgage-web-en-us-us-standard-usd`. */
export function queueIdOf(serviceClass: ServiceClass, currency: string): string {
  const { category, channel, language, region, slaTier } = serviceClass;
  return [category, channel, language, region, slaTier, currency]
    .map((part) =>
      part
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, ''),
    )
    .map((part) => (part === '' ? 'x' : part.slice(0, 30).replace(/-+$/, '')))
    .join('-')
    .slice(0, 80)
    .replace(/-+$/, '');
}
