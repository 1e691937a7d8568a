/** Nodes still to be looked at, the most promising first; of equal bounds the older. */
export type Waiting = { readonly bound: number; readonly index: number };

export class Heap<Node extends Waiting> {
  private readonly nodes: Node[] = [];

  push(node: Node): void {
    let at = this.nodes.push(node) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(node, this.nodes[up]!)) break;
      this.nodes[at] = this.nodes[up]!;
      at = up;
    }
    this.nodes[at] = node;
  }

  pop(): Node | undefined {
    const top = this.nodes[0];
    const last = this.nodes.pop()!;
    if (this.nodes.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down + 1 < this.nodes.length && isBefore(this.nodes[down + 1]!, this.nodes[down]!)) down += 1;
      if (down >= this.nodes.length || !isBefore(this.nodes[down]!, last)) break;
      this.nodes[at] = this.nodes[down]!;
      at = down;
    }
    this.nodes[at] = last;
    return top;
  }
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.bound > b.bound || (a.bound === b.bound && a.index < b.index);
}
