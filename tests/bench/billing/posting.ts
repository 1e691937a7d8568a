/** Charges rated and posted, beside as many bare writes of the same size from the same process, in turns. */
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { progress } from '../support/arguments.ts';
import { createRandom } from '../support/random.ts';
import { drawCharge, postCharge } from './charges.ts';

export const IN_FLIGHT = 8;
const TURNS = 5;
const NOW = Date.parse('2026-01-15T09:00:00Z');
const USUAL_MICROS = 3_000_000;

/**
 * Seconds of each, and how they compare: `ratio` is 1 where posting takes no longer. An item in two lists is three writes, as
 * the engine counts and AWS bills them; so beside each charge stand three bare puts, and one in two lists.
 */
export async function measurePosting(tables: Tables, count: number, seed: number) {
  const sums = { items: 0, bytes: 0 };
  const watched = new Tables({
    ...(tables.owner as TableConfig),
    observe: (_table, item) => {
      sums.items += 1;
      sums.bytes += JSON.stringify(item).length;
    },
  });
  const perTurn = Math.ceil(count / TURNS);
  await postMany(watched, 'warm', perTurn, seed);
  const writesPerCharge = watched.consumed.writeUnits / perTurn;
  const itemBytes = Math.round(sums.bytes / sums.items);
  const bare = (turn: string, isListed: boolean) => () => {
    const puts = isListed ? perTurn : Math.round(perTurn * writesPerCharge);
    return putBare(tables, turn, puts, itemBytes, isListed);
  };
  await bare('warm', false)();
  const seconds = { posted: 0, bare: 0, listed: 0 };
  for (let turn = 1; turn <= TURNS; turn++) {
    progress(`posting, turn ${turn} of ${TURNS}`);
    seconds.posted += await timed(() => postMany(tables, `t${turn}`, perTurn, seed));
    seconds.bare += await timed(bare(`t${turn}`, false));
    seconds.listed += await timed(bare(`t${turn}`, true));
  }
  const all = perTurn * TURNS;
  const speed = (of: number) => ({ seconds: rounded(of), perSecond: Math.round(all / of) });
  const beside = (of: number) => ({ ...speed(of), ratio: rounded(of / seconds.posted) });
  return {
    charges: all,
    inFlight: IN_FLIGHT,
    writesPerCharge: rounded(writesPerCharge),
    itemBytes,
    posted: speed(seconds.posted),
    bare: beside(seconds.bare),
    listed: beside(seconds.listed),
    /** One bare put for each charge, of the time that the bare writes took. */
    single: beside(seconds.bare / writesPerCharge),
  };
}

async function postMany(tables: Tables, prefix: string, count: number, seed: number): Promise<void> {
  const random = createRandom(`${seed}|posting|${prefix}`);
  await mapConcurrent(Array.from({ length: count }), IN_FLIGHT, async (_, i) => {
    const company = `co_bench${String(i % 500).padStart(5, '0')}`;
    const provider = `pr_bench${String(i % 20).padStart(5, '0')}`;
    const parties = { company, provider, queue: `bench-${i % 40}`, round: 1, isRoundClosed: false };
    const drawn = drawCharge(random, USUAL_MICROS, `${company}.${prefix}-${String(i).padStart(18, '0')}`);
    const { posted } = await postCharge({ tables, now: NOW + i }, drawn, parties);
    if (posted !== 'posted') throw new Error(`a new charge was ${posted}`);
  });
}

/** Puts of one text, without a condition: the most that the engine gives anybody. `isListed`: in two indexes, as entries are. */
async function putBare(tables: Tables, prefix: string, count: number, bytes: number, isListed: boolean): Promise<void> {
  const filling = 'x'.repeat(Math.max(1, bytes - (isListed ? 220 : 60)));
  await mapConcurrent(Array.from({ length: count }), IN_FLIGHT, (_, i) => {
    const order = `${String(NOW + i).padStart(15, '0')}#${prefix}-${i}`;
    const lists = { cpk: `bare-company-${i % 500}`, csk: order, ppk: `bare-provider-${i % 20}`, psk: order };
    const pk = `BARE#${isListed}#${prefix}-${String(i).padStart(24, '0')}`;
    return tables.put('ledger', { pk, sk: '-', ...(isListed ? lists : {}), filling });
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1_000;
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
