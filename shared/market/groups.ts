/** Companies that cannot be told apart are merged before anything is solved: into groups, and groups into classes. */
import type { DemandGroup } from './allocation.ts';
import type { Market, MarketCompany } from './reach.ts';
import type { DemandClass, TierProblem } from './solver.ts';

/** Companies alike in failure cost, open providers and reserve price: they differ in volume only. */
export type Group = DemandGroup & {
  /** Indexes of the companies, in the round's order. */
  readonly companies: readonly number[];
};

/** The groups of a market, in the order of their first company; companies without an open provider are in none. */
export function groupCompanies(market: Market): Group[] {
  const members = new Map<string, number[]>();
  for (const [index, company] of market.companies.entries()) {
    if (company.open.length === 0) continue;
    const key = `${classKey(company)}|${company.reserveMicros}`;
    const group = members.get(key);
    if (group === undefined) members.set(key, [index]);
    else group.push(index);
  }
  return [...members.values()].map((companies) => {
    const { values, open } = market.companies[companies[0]!]!;
    const allowed = new Set(open);
    return {
      companies,
      volume: companies.reduce((sum, index) => sum + market.companies[index]!.volume, 0),
      values: values.map((value, j) => (allowed.has(j) ? value : undefined)),
    };
  });
}

/** The winner determination as a solver sees it: groups of equal failure cost and open providers become one demand curve. */
export function buildTierProblem(market: Market, groups: readonly Group[]): TierProblem {
  const classes = new Map<string, { lead: MarketCompany; steps: { reserveMicros: number; volume: number }[] }>();
  for (const group of groups) {
    const lead = market.companies[group.companies[0]!]!;
    const step = { reserveMicros: lead.reserveMicros, volume: group.volume };
    const found = classes.get(classKey(lead));
    if (found === undefined) classes.set(classKey(lead), { lead, steps: [step] });
    else found.steps.push(step);
  }
  return {
    classes: [...classes.values()].map(({ lead, steps }) => describeClass(lead, steps)),
    providers: market.providers.map(({ capacity, steps }) => ({ capacity, steps })),
  };
}

function classKey(company: MarketCompany): string {
  return `${company.failureCostMicros}|${company.open.join(',')}`;
}

function describeClass(lead: MarketCompany, steps: DemandClass['steps']): DemandClass {
  return {
    providers: lead.open,
    lossMicros: lead.open.map((j) => lead.reserveMicros - lead.values[j]!),
    // Reserve prices are unique within a class: equal ones are one group.
    steps: [...steps].sort((a, b) => b.reserveMicros - a.reserveMicros),
  };
}
