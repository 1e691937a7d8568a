/** Runs the contest cell by cell (a family at a size) and sums each cell up. */
import { median, quantile } from '../support/stats.ts';
import { contest, type Puzzle, type Result, ratioOf, readPuzzle } from './contest.ts';
import { createInstance, createQueue, type Family, type Size } from './instances.ts';
import { CONTENDER, OPPONENTS, type SolverName } from './opponents.ts';
import { Seat } from './seat.ts';

export type CellPlan = { readonly family: Family | 'queues'; readonly size: Size | null; readonly instances: number };

export type SolverFigures = {
  readonly solver: SolverName;
  /** Over the right answers; null where there are none. */
  readonly medianMs: number | null;
  readonly worstMs: number | null;
  readonly right: number;
  readonly wrong: number;
  readonly overTheBound: number;
  readonly failed: number;
  readonly notStarted: number;
};

export type Cell = {
  readonly family: CellPlan['family'];
  readonly size: string;
  readonly instances: number;
  readonly solvers: readonly SolverFigures[];
  /** How many times our time the best right opponent of each instance took. */
  readonly ratio: {
    readonly median: number;
    readonly least: number;
    /** Instances in which nobody answered to compare with: there the ratio is only a bound. */
    readonly bounds: number;
    /** Instances in which we were wrong, or nothing can be compared. */
    readonly none: number;
  };
};

const EASY = ['tight', 'wide', 'near'] as const;
const HARD = ['all-or-nothing', 'partial', 'exact-cover'] as const;
const sizes = (text: string): Size[] =>
  text.split(' ').map((size) => {
    const [providers, companies] = size.split('x').map(Number);
    return { providers: providers!, companies: companies! };
  });

/** Full: about eight minutes on two slow cores. Sizes are those of the published figures. */
export function planCells(quick: boolean): CellPlan[] {
  const [easySizes, hardSizes] = quick
    ? [sizes('10x5 20x20 50x10'), sizes('20x10 40x20')]
    : [sizes('10x5 20x20 50x10 100x50 200x50'), sizes('40x20 80x40 120x60')];
  const count = ({ providers, companies }: Size): number =>
    quick ? 4 : providers * companies <= 1_000 ? 15 : providers * companies <= 5_000 ? 5 : 3;
  const cells = (families: readonly Family[], of: readonly Size[]) =>
    families.flatMap((family) => of.map((size) => ({ family, size, instances: count(size) })));
  return [
    ...cells(EASY, easySizes),
    ...cells(HARD, hardSizes),
    { family: 'queues', size: null, instances: quick ? 10 : 40 },
  ];
}

/** An opponent that is over its bound this often in a row is not started again in that family, at this size or a larger one. */
const PATIENCE = 2;

/** Runs every planned cell; `tell` hears of each instance, `keep` of each finished cell. */
export async function runCells(
  plans: readonly CellPlan[],
  seed: number,
  opponents: readonly SolverName[],
  tell: (text: string) => void,
): Promise<Cell[]> {
  const warmUp = await Promise.all(
    [0, 1, 2, 3].map(async (index) => (await readPuzzle(createInstance('wide', WARM_UP, seed + 1, index))).problem),
  );
  const contender = new Seat(CONTENDER, warmUp);
  const seats = OPPONENTS.filter((name) => opponents.includes(name)).map((name) => new Seat(name, warmUp));
  const cells: Cell[] = [];
  const late = new Map<string, number>();
  try {
    for (const plan of plans) {
      const rows: (readonly Result[])[] = [];
      for (let index = 0; index < plan.instances; index += 1) {
        tell(`${plan.family} ${nameOf(plan.size)}: ${index + 1} of ${plan.instances}`);
        const tired = new Set(opponents.filter((name) => (late.get(`${plan.family}|${name}`) ?? 0) >= PATIENCE));
        const results = await contest(await drawPuzzle(plan, seed, index), contender, seats, tired);
        for (const { solver, verdict } of results) {
          const key = `${plan.family}|${solver}`;
          if (verdict === 'over the bound') late.set(key, (late.get(key) ?? 0) + 1);
          else if (verdict === 'right') late.set(key, 0);
        }
        rows.push(results);
      }
      cells.push(sumUp(plan, rows));
    }
  } finally {
    await Promise.all([contender, ...seats].map((seat) => seat.end()));
  }
  return cells;
}

const WARM_UP: Size = { providers: 20, companies: 10 };

async function drawPuzzle({ family, size }: CellPlan, seed: number, index: number): Promise<Puzzle> {
  return readPuzzle(
    family === 'queues' || size === null ? createQueue(seed, index) : createInstance(family, size, seed, index),
  );
}

const nameOf = (size: Size | null): string => (size === null ? '5–24 × 1–12' : `${size.providers} × ${size.companies}`);

function sumUp(plan: CellPlan, rows: readonly (readonly Result[])[]): Cell {
  const solvers = rows[0]!.map(({ solver }, at): SolverFigures => {
    const results = rows.map((row) => row[at]!);
    const times = results.filter(({ verdict }) => verdict === 'right').map(({ ms }) => ms!);
    const count = (verdict: Result['verdict']) => results.filter((result) => result.verdict === verdict).length;
    return {
      solver,
      medianMs: times.length === 0 ? null : median(times),
      worstMs: times.length === 0 ? null : Math.max(...times),
      right: times.length,
      wrong: count('wrong'),
      overTheBound: count('over the bound'),
      failed: count('failed'),
      notStarted: count('not started'),
    };
  });
  const ratios = rows.map(ratioOf).filter((ratio) => ratio !== null);
  const values = ratios.map(({ ratio }) => ratio);
  return {
    family: plan.family,
    size: nameOf(plan.size),
    instances: rows.length,
    solvers,
    ratio: {
      median: median(values),
      least: quantile(values, 0),
      bounds: ratios.filter(({ isBound }) => isBound).length,
      none: rows.length - ratios.length,
    },
  };
}
