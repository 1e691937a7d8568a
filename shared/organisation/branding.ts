/** How a company shows itself to its customers: in mails, and on the page of a link. */
import * as z from 'zod';

export const Branding = z
  .strictObject({
    name: z.string().trim().min(1).max(60).meta({ description: 'As customers know the company' }),
    colour: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'must be six hexadecimal digits behind #, such as #0b57a4')
      .nullable()
      .default(null),
    logoUrl: z
      .url({ protocol: /^https$/ })
      .max(500)
      .nullable()
      .default(null)
      .meta({ description: 'An https address; the market never loads it, only the customer’s own program does' }),
    replyTo: z.email().max(254).nullable().default(null).meta({ description: 'Where answers to mails go' }),
    mailWhenResolved: z.boolean().default(false).meta({
      description:
        'Whether the market mails the link when a request is resolved or there is news of its incident, where the customer’s handle is an e-mail address; else the company sends it',
    }),
  })
  .meta({ id: 'Branding' });
export type Branding = z.infer<typeof Branding>;

/** A company that has set nothing: under its registered name, and the market mails nothing. */
export const plainBranding = (name: string): Branding => ({
  name: name.slice(0, 60),
  colour: null,
  logoUrl: null,
  replyTo: null,
  mailWhenResolved: false,
});
