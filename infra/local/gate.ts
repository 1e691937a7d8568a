/** The door before the handlers. While the market clock changes its value it is shut: who is inside ends, who comes waits. */
export class Gate {
  private inside = 0;
  private shut: { opened: Promise<void>; open: () => void } | undefined;
  private emptied: (() => void) | undefined;

  /** Goes in; undefined (and no wait) where the door is open, which is nearly always. */
  enter(): Promise<void> | undefined {
    if (this.shut !== undefined) return this.waitAndEnter();
    this.inside += 1;
    return undefined;
  }

  leave(): void {
    this.inside -= 1;
    if (this.inside === 0) this.emptied?.();
  }

  /** Shuts the door and waits until nobody is inside; false, with the door open again, where that takes too long. */
  async close(waitMs: number): Promise<boolean> {
    if (this.shut !== undefined) throw new Error('the gate is shut already');
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.shut = { opened, open };
    if (this.inside === 0) return true;
    const isEmpty = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), waitMs);
      this.emptied = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.emptied = undefined;
    if (!isEmpty) this.open();
    return isEmpty;
  }

  open(): void {
    this.shut?.open();
    this.shut = undefined;
  }

  private async waitAndEnter(): Promise<void> {
    while (this.shut !== undefined) await this.shut.opened;
    this.inside += 1;
  }
}
