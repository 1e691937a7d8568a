/** Gathers the certificate while the search goes on. */
import type { CertificateNode } from '../certificate.ts';

export class Proof {
  readonly nodes: { duals: number[][]; split: CertificateNode['split'] }[] = [];

  /** A new node, still open. */
  add(): number {
    return this.nodes.push({ duals: [], split: null }) - 1;
  }

  /** Duals that strike out choices at this node, close it, or bound its children until they have their own. */
  record(index: number, lambda: Float64Array, classes: number): void {
    const kept = lambda.subarray(classes).every((dual) => dual === 0) ? classes : lambda.length;
    this.nodes[index]!.duals.push(Array.from(lambda.subarray(0, kept)));
  }

  split(index: number, provider: number, at: number): { low: number; high: number } {
    const low = this.add();
    const high = this.add();
    this.nodes[index]!.split = [provider, at, low, high];
    return { low, high };
  }
}
