/** Duties separated by person: who makes something and who approves it are different people, whatever their roles. */
import { ok, type Result, refuse } from '../kernel/result.ts';
import { PROGRAM_PREFIX } from './identity.ts';

/**
 * Refuses `second_person_needed` where one of the makers of something is also who would approve it, by user id, and where
 * that is a program: whose hand its key is in nobody knows. Routes of such approvals are `byPeople` besides.
 */
export function otherPerson(
  makers: string | readonly string[],
  user: string,
  what: string,
): Result<null, 'second_person_needed'> {
  if (user.startsWith(PROGRAM_PREFIX))
    return refuse('second_person_needed', `An API key cannot approve ${what}: it takes effect when a person does.`);
  return [makers].flat().includes(user)
    ? refuse('second_person_needed', `You made ${what} yourself: it takes effect when another person approves it.`)
    : ok(null);
}
