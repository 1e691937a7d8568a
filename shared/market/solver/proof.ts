/** Gathers the certificate while the search goes on; it is put together when somebody asks for it. */
import type { Certificate, CertificateNode } from '../certificate.ts';

export class Proof {
  private readonly classes: number;
  private readonly splits: CertificateNode['split'][] = [];
  /** One record after the other: its node, how many duals it has, and where the next begins. */
  private readonly nodes: number[] = [];
  private readonly ends: number[] = [];
  private readonly duals: number[] = [];

  constructor(classes: number) {
    this.classes = classes;
  }

  /** How many figures the certificate has. */
  get figures(): number {
    return this.duals.length;
  }

  /** A new node, still open. */
  add(): number {
    return this.splits.push(null) - 1;
  }

  /** Duals that strike out choices at this node, close it, or bound its children until they have their own. */
  record(index: number, lambda: Float64Array): void {
    let kept = lambda.length;
    // Prices for the right to serve are left out where all are 0.
    while (kept > this.classes && lambda[kept - 1] === 0) kept -= 1;
    if (kept > this.classes) kept = lambda.length;
    for (let at = 0; at < kept; at += 1) this.duals.push(lambda[at]!);
    this.nodes.push(index);
    this.ends.push(this.duals.length);
  }

  split(index: number, provider: number, at: number): { low: number; high: number } {
    const low = this.add();
    const high = this.add();
    this.splits[index] = [provider, at, low, high];
    return { low, high };
  }

  /** Writes the last duals of a node; false where it has none. */
  readLast(index: number, lambda: Float64Array): boolean {
    const record = this.nodes.lastIndexOf(index);
    if (record === -1) return false;
    lambda.fill(0);
    lambda.set(this.dualsOf(record));
    return true;
  }

  write(rivals: readonly (readonly number[])[]): Certificate {
    const duals: number[][][] = this.splits.map(() => []);
    for (const [record, index] of this.nodes.entries()) duals[index]!.push(this.dualsOf(record));
    const nodes = this.splits.map((split, index) => ({ duals: duals[index]!, split }));
    return rivals.length === 0 ? { nodes } : { nodes, rivals: rivals.map((set) => [...set]) };
  }

  private dualsOf(record: number): number[] {
    return this.duals.slice(record === 0 ? 0 : this.ends[record - 1]!, this.ends[record]!);
  }
}
