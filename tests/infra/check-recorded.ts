/** Holds what the tests of a run recorded against the roles of the templates; prints what differs. */
import { readRecorded } from '../support/recording/recorded.ts';
import { Synthesised } from './synthesised.ts';
import { tooLittle, tooMuch } from './used-grants.ts';

/** How many findings there are. `isWhole` says that all tests ran: only then it means something that nobody saw a call. */
export function checkRecorded(folder: string, isWhole: boolean): number {
  const recorded = readRecorded(folder);
  const made = new Synthesised();
  try {
    const findings = [...tooLittle(made, recorded), ...(isWhole ? tooMuch(made, recorded) : [])];
    for (const finding of findings) console.error(finding);
    console.log(`Grants: ${recorded.length} different calls of functions held against their roles`);
    return findings.length;
  } finally {
    made.remove();
  }
}
