/** What must hold of every clearing, checked on every clearing. A breach is a bug and throws before anyone sees a price. */
import type { Clearing, CompanyClearing } from './clearing.ts';
import { must } from './must.ts';
import type { Market } from './reach.ts';

/**
 * Checks feasibility (volumes, open pairs, capacities, minimum awards), the books (payments equal what providers and the
 * fee are owed, gains equal the pool's gain), the floors, and that no pool price exceeds a reserve price.
 */
export function assertClearing(clearing: Clearing, market: Market): void {
  assertVolumes(clearing, market);
  const sum = (of: (company: CompanyClearing) => number) =>
    clearing.companies.reduce((total, c) => total + BigInt(of(c)), 0n);
  must(
    sum((c) => c.totalMicros) === BigInt(clearing.providerCostMicros),
    'payments do not equal what providers are owed',
  );
  must(sum((c) => c.surplusMicros) === BigInt(clearing.valueMicros), 'gains do not add up to the gain of the pool');
  must(sum((c) => c.floorMicros) <= BigInt(clearing.valueMicros), 'floors exceed the gain of the pool');
  for (const [i, company] of clearing.companies.entries()) assertPayment(company, market.companies[i]!);
}

function assertVolumes(clearing: Clearing, market: Market): void {
  const indexOf = new Map(market.providers.map(({ id }, j) => [id, j]));
  const served = market.providers.map(() => 0);
  for (const [i, company] of clearing.companies.entries()) {
    const { open } = market.companies[i]!;
    for (const { provider, volume } of company.byProvider) {
      const j = indexOf.get(provider)!;
      must(volume > 0 && open.includes(j), `${company.id} is served by ${provider}, which is closed to it`);
      served[j]! += volume;
    }
    must(
      company.byProvider.reduce((sum, award) => sum + award.volume, 0) === company.awarded,
      `${company.id}: award and providers differ`,
    );
    must(company.awarded <= company.committed, `${company.id} is awarded more than it committed`);
  }
  for (const [j, provider] of clearing.providers.entries()) {
    must(provider.awarded === served[j], `${provider.id}: award and companies differ`);
    must(provider.capacityLeft >= 0, `${provider.id} is awarded more than its capacity`);
    must(provider.tier !== -1, `${provider.id} is awarded less than its minimum`);
  }
}

function assertPayment(company: CompanyClearing, bidder: Market['companies'][number]): void {
  const { id, totalMicros, awarded, unitPriceMicros, dearerRequests, releaseCreditMicros } = company;
  must(company.surplusMicros >= company.floorMicros, `${id} gains less than its floor`);
  const paid = BigInt(unitPriceMicros) * BigInt(awarded) + BigInt(dearerRequests) - BigInt(releaseCreditMicros);
  must(paid === BigInt(totalMicros), `${id}: price, dearer requests and credit do not come to its total`);
  must(dearerRequests === 0 || dearerRequests < awarded, `${id}: more dearer requests than awarded`);
  must(
    awarded === 0 || unitPriceMicros + Math.sign(dearerRequests) <= bidder.reserveMicros,
    `${id} pays above its reserve price`,
  );
  must(
    company.capacityShareBase > 0 || (company.surplusMicros === 0 && totalMicros === 0),
    `${id} has no share of capacity and gains or pays`,
  );
  if (bidder.chargesLastRound === 0) {
    must(totalMicros >= 0 && releaseCreditMicros === 0, `${id} has no record and gains more than its award is worth`);
  } else if (company.standalonePriceMicros !== null && totalMicros >= 0) {
    must(unitPriceMicros <= company.standalonePriceMicros, `${id} pays above its standalone price`);
  }
}
