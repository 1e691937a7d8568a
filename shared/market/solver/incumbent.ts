/** The best allocation found so far, valued at what it truly costs. */
import type { Instance } from './instance.ts';
import type { Network } from './network.ts';

export class Incumbent {
  /** v of the best allocation, in micro-units; serving nobody is worth 0. */
  value = 0;
  /** Choices of that allocation, each counted from its provider's first; 0 is 'nothing'. */
  readonly choices: Int32Array;
  private readonly instance: Instance;
  private readonly reached: Int32Array;
  private readonly unserved: Float64Array;

  constructor(instance: Instance) {
    this.instance = instance;
    this.choices = instance.arena.ints(instance.providers);
    this.reached = instance.arena.ints(instance.providers);
    this.unserved = instance.arena.floats(instance.classes);
  }

  /** Takes the network's flow at true prices; volumes below a minimum award go back. */
  offerFlow(network: Network): void {
    const { classes, providers, first, least, price, loss } = this.instance;
    const { flow, sent } = network;
    const { unserved, reached } = this;
    for (let c = 0; c < classes; c += 1) unserved[c] = sent[c]!;
    let value = 0;
    for (let j = 0; j < providers; j += 1) {
      const volume = sent[classes + j]!;
      reached[j] = 0;
      if (volume === 0) continue;
      const from = first[j]!;
      let k = first[j + 1]! - 1;
      while (least[k]! > volume) k -= 1;
      reached[j] = k - from;
      if (k > from) value -= volume * price[k]!;
      for (let c = 0, arc = j * classes; c < classes; c += 1, arc += 1) {
        if (flow[arc] === 0) continue;
        if (k > from) value -= flow[arc]! * loss[arc]!;
        else unserved[c]! += flow[arc]!;
      }
    }
    this.offerChoices(reached, value + this.worthServed(unserved));
  }

  /** Takes an allocation of a known value, by the choices it makes. */
  offerChoices(choices: Int32Array, value: number): void {
    if (value <= this.value) return;
    this.value = value;
    this.choices.set(choices);
  }

  /** What the demand that is served is worth, given what is not: the highest reserve prices are served first. */
  worthServed(unserved: Float64Array): number {
    const { classes, demand, firstStep, reserve, stepVolume } = this.instance;
    let worth = 0;
    for (let c = 0; c < classes; c += 1) {
      let left = demand[c]! - unserved[c]!;
      for (let s = firstStep[c]!; left > 0; s += 1) {
        const taken = Math.min(left, stepVolume[s]!);
        worth += taken * reserve[s]!;
        left -= taken;
      }
    }
    return worth;
  }
}
