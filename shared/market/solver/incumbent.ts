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
    this.choices = new Int32Array(instance.providers);
    this.reached = new Int32Array(instance.providers);
    this.unserved = new Float64Array(instance.classes);
  }

  /** Takes the network's flow at true prices; volumes below a minimum award go back. */
  offerFlow(network: Network): void {
    const { classes, providers, first, least, price, loss } = this.instance;
    this.unserved.set(network.refused);
    let value = 0;
    for (let j = 0; j < providers; j += 1) {
      const volume = network.volume[j]!;
      const from = first[j]!;
      let k = first[j + 1]! - 1;
      while (k > from && (least[k]! > volume || volume === 0)) k -= 1;
      this.reached[j] = k - from;
      if (volume === 0) continue;
      if (k > from) value -= volume * price[k]!;
      for (let c = 0, arc = j * classes; c < classes; c += 1, arc += 1) {
        const flow = network.flow[arc]!;
        if (flow === 0) continue;
        if (k > from) value -= flow * loss[c * providers + j]!;
        else this.unserved[c]! += flow;
      }
    }
    this.offerChoices(this.reached, value + this.worthServed(this.unserved));
  }

  /** Takes an allocation of a known value, by the choices it makes. */
  offerChoices(choices: Int32Array, value: number): void {
    if (value <= this.value) return;
    this.value = value;
    this.choices.set(choices);
  }

  /** What the demand that is served is worth, given what is not: the highest reserve prices are served first. */
  worthServed(unserved: Float64Array): number {
    const { classes, demand, reserves, volumes } = this.instance;
    let worth = 0;
    for (let c = 0; c < classes; c += 1) {
      let left = demand[c]! - unserved[c]!;
      for (let s = 0; left > 0; s += 1) {
        const taken = Math.min(left, volumes[c]![s]!);
        worth += taken * reserves[c]![s]!;
        left -= taken;
      }
    }
    return worth;
  }
}
