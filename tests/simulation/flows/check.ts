/**
 * DISPATCH.md, what must hold, 5: a crash after any call, a lost answer, a refused call, and messages and commands that are
 * lost, late or come twice leave what a clean run leaves. What they may cost is named: a slot or a unit of capacity that
 * was taken for a request that was never put, and hints.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestTables, type TestTables } from '../../support/engine.ts';
import { noCost } from './effects.ts';
import { FLOWS, furnish } from './flows.ts';
import { type Extent, play } from './play.ts';
import { type Photo, World } from './world.ts';

/** A test for each flow. With `all` the numbers of cases and what they cost are printed. */
export function checkFlows(extent: Extent): void {
  let engine: TestTables;
  let world: World;
  let market: Photo;
  let cases = 0;
  const cost = noCost();
  beforeAll(async () => {
    engine = await startTestTables({ bundled: true });
    world = await World.open(engine.endpoint);
    await furnish(world);
    market = await world.photograph();
  });
  afterAll(async () => {
    if (extent === 'all') console.log(`${cases} cases in ${FLOWS.length} flows; they cost ${JSON.stringify(cost)}`);
    await world.end();
    await engine.stop();
  });

  describe('whatever strikes a flow, it leaves what a clean run leaves:', () => {
    it.each(FLOWS.map((flow) => [flow.name, flow] as const))('%s', { timeout: 900_000 }, async (name, flow) => {
      const played = await play(world, market, flow, extent);
      expect(played.wrong).toEqual([]);
      cases += played.cases;
      for (const kind of Object.keys(cost) as (keyof typeof cost)[]) cost[kind] += played.cost[kind];
      if (extent === 'all') console.log(`${name}: ${played.cases} cases`);
    });
  });
}
