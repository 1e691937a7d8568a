/** Why the marketplace cannot start here, in words for the person who started it; the command prints it and ends with 1. */
export class CannotStart extends Error {
  override name = 'CannotStart';
  /** `owned`: somebody else has the data folder, which may pass. */
  readonly reason: 'owned' | 'other';

  constructor(message: string, reason: 'owned' | 'other' = 'other') {
    super(message);
    this.reason = reason;
  }
}
