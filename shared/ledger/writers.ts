/**
 * The writers of one process. Between processes, time parts writers from whoever folds or closes; inside one process even
 * a market clock that leaps must not overtake a writer, so each process waits for its own and lets none post into the past.
 */
export class Writers {
  private readonly inFlight = new Set<Promise<unknown>>();
  private floor = 0;

  /** Runs a write under the instant by which it stands in its lists: `now`, but after all that was folded. */
  async run<T>(now: number, write: (postedAt: number) => Promise<T>): Promise<T> {
    const work = write(Math.max(now, this.floor + 1));
    this.inFlight.add(work);
    try {
      return await work;
    } finally {
      this.inFlight.delete(work);
    }
  }

  /** Resolves when no write of this process can still come to stand at or before this instant. */
  async areThrough(instant: number): Promise<void> {
    this.floor = Math.max(this.floor, instant);
    await Promise.allSettled(this.inFlight);
  }

  /** For a market in which nothing was posted yet, and whose clock has just been chosen: it may have gone back. */
  startOver(): void {
    this.floor = 0;
  }
}
