/** Duties separated by person: who makes something and who approves it are different people, whatever their roles. */
import { ok, type Result, refuse } from '../kernel/result.ts';

/** Refuses `second_person_needed` where the maker of something is also who would approve it, by user id. */
export const otherPerson = (maker: string, user: string, what: string): Result<null, 'second_person_needed'> =>
  maker === user
    ? refuse('second_person_needed', `You made ${what} yourself: it takes effect when another person approves it.`)
    : ok(null);
