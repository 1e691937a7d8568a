/**
 * Room for the numbers of one solve, taken again by the next. Most markets are small: allocating their arrays would take
 * longer than solving them. Whatever an answer keeps is copied out of it.
 */
export class Arena {
  private buffer = new ArrayBuffer(FIRST_BYTES);
  private used = 0;

  /** Begins a solve: everything given out before is void, and all numbers are 0 again. */
  begin(): void {
    if (this.used > this.buffer.byteLength) this.buffer = new ArrayBuffer(Math.min(2 * this.used, MOST_BYTES));
    else new Uint8Array(this.buffer, 0, this.used).fill(0);
    this.used = 0;
  }

  floats(length: number): Float64Array {
    const at = this.take(8 * length);
    return at === undefined ? new Float64Array(length) : new Float64Array(this.buffer, at, length);
  }

  ints(length: number): Int32Array {
    const at = this.take(4 * length);
    return at === undefined ? new Int32Array(length) : new Int32Array(this.buffer, at, length);
  }

  /** Where so many bytes begin; undefined where there is no room for them this time. */
  private take(bytes: number): number | undefined {
    const at = this.used;
    this.used = (at + bytes + 7) & ~7;
    return this.used <= this.buffer.byteLength ? at : undefined;
  }
}

const FIRST_BYTES = 1 << 18;
const MOST_BYTES = 1 << 25;
