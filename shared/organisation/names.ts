/** Names for ids: what screens show where the API says who. */
import * as z from 'zod';

/** The most ids of one kind that are asked for at a time. */
export const MOST_NAMES = 50;
/** As `OrganisationId` has it. */
const ORGANISATION = '(?:co|pr|mk)_[0-9a-z]{4,20}';
const OTHERS = MOST_NAMES - 1;

export const NamesQuery = z.object({
  people: z
    .string()
    .regex(new RegExp(`^$|^[^,]{1,200}(?:,[^,]{1,200}){0,${OTHERS}}$`), 'is no list of ids')
    .default('')
    .meta({ description: `Ids of people and of API keys (key:…), with commas between, ${MOST_NAMES} at the most` }),
  organisations: z
    .string()
    .regex(new RegExp(`^$|^${ORGANISATION}(?:,${ORGANISATION}){0,${OTHERS}}$`), 'is no list of ids of organisations')
    .default('')
    .meta({ description: `Ids with commas between, ${MOST_NAMES} at the most` }),
});

/** What was asked for, each once. */
export const idsIn = (list: string): string[] => [...new Set(list.split(',').filter((id) => id !== ''))];

const Named = z.object({ id: z.string(), name: z.string().nullable() });
export const Names = z
  .object({
    people: z.array(Named).meta({
      description: 'E-mail addresses of people, names of API keys; null: nobody of one’s own organisation, or no more',
    }),
    organisations: z.array(Named).meta({ description: 'Null: there is none, or its name is not told' }),
  })
  .meta({ id: 'Names' });
export type Names = z.infer<typeof Names>;
