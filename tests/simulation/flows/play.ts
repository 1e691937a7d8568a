/** Plays flows: once without a fault, then with each of the faults that may strike, and says where what is left differs. */
import { type Cost, costBeyond, differences, effectsOf, noCost, type Picture, pictureOf } from './effects.ts';
import { type Fault, type Made, MODES, type Mode, Step } from './faults.ts';
import { type Flow, REST } from './flows.ts';
import type { FlowStep, Photo, Weather, World } from './world.ts';

/**
 * `sample`: a process dies after each write and message, and each command comes twice. `all`: every mode strikes every
 * call, and commands, messages and sweeps come late, twice, in another order or not at all.
 */
export type Extent = 'sample' | 'all';
/** How many cases were played, each difference that none of them may leave as a sentence, and what they have cost together. */
export type Played = { cases: number; wrong: string[]; cost: Cost };

type CleanStep = { step: FlowStep; answer: string; calls: Made[]; before: Photo; picture: Picture };
type Clean = { steps: CleanStep[]; end: Picture };

const WEATHERS: readonly Weather[] = [
  'messages lost',
  'messages twice',
  'messages late and in reverse',
  'sweeps in reverse, two at once',
];

/** Plays a flow from a photo of the market. */
export async function play(world: World, market: Photo, flow: Flow, extent: Extent): Promise<Played> {
  const clean = await playClean(world, market, flow);
  const played: Played = { cases: 0, wrong: [], cost: noCost() };
  for (const [place, one] of clean.steps.entries()) {
    const { step, answer: expected, picture, before } = one;
    const rest = [...flow.steps.slice(place + 1), ...REST];
    const say = (name: string) => `${flow.name}, ${step.name}: ${name}`;
    for (const fault of faultsOf(one, extent)) {
      const name = say(`${fault.mode} at call ${fault.at}`);
      await world.restore(before);
      const { answer, meter } = await world.run(step, fault);
      if (!meter.hasStruck) played.wrong.push(`${name} never struck`);
      if (answer !== expected) played.wrong.push(`${name}: answered ${answer}, not ${expected}`);
      await judge(world, clean, played, { name, rest, picture, mayLose: step.mayLose });
    }
    for (const repeated of repetitionsOf(step, extent)) {
      await world.restore(before);
      const name = say(`sent ${repeated}`);
      if (repeated === 'at once') await sendAtOnce(world, step);
      else await world.run(step);
      if (repeated === 'twice') await world.run(step);
      // Of two calls in the same millisecond one may lose what it took.
      const mayLose = repeated === 'at once' ? step.mayLose : undefined;
      if (repeated !== 'late') await judge(world, clean, played, { name, rest, picture, mayLose });
      else await judge(world, clean, played, { name, rest: [...flow.steps.slice(place + 1), step, ...REST], mayLose });
    }
  }
  for (const weather of extent === 'all' ? WEATHERS : []) {
    await world.restore(clean.steps[0]!.before);
    world.weather = weather;
    for (const step of flow.steps) await world.run(step);
    world.weather = undefined;
    const mayLose = weather.startsWith('sweeps')
      ? flow.steps.find((step) => step.passMs !== undefined)?.mayLose
      : undefined;
    await judge(world, clean, played, { name: `${flow.name}: ${weather}`, rest: REST, mayLose });
  }
  return played;
}

async function playClean(world: World, market: Photo, flow: Flow): Promise<Clean> {
  await world.restore(market);
  await world.goOn(flow.before);
  const steps: CleanStep[] = [];
  let before = await world.photograph();
  for (const step of flow.steps) {
    const { answer, meter } = await world.run(step);
    const after = await world.photograph();
    steps.push({ step, answer, calls: meter.made, before, picture: pictureOf(after) });
    before = after;
  }
  await world.goOn(REST);
  return { steps, end: pictureOf(await world.photograph()) };
}

/** The faults of a step. A sweep that finds nothing to write leaves nothing half done, so none strikes it. */
function faultsOf({ step, calls }: CleanStep, extent: Extent): Fault[] {
  const writing = new Set(calls.filter(({ kind }) => kind !== 'read').map(({ invocation }) => invocation));
  return calls.flatMap(({ invocation, kind }, i): Fault[] => {
    if (step.passMs !== undefined && !writing.has(invocation)) return [];
    const modes: readonly Mode[] = extent === 'all' ? MODES : kind === 'read' ? [] : ['dies after'];
    return modes.map((mode) => ({ at: i + 1, mode }));
  });
}

type Repetition = 'twice' | 'at once' | 'late';

/** How a command may come more often than once. */
function repetitionsOf(step: FlowStep, extent: Extent): Repetition[] {
  if (step.command === undefined) return [];
  if (extent === 'sample') return ['twice'];
  return ['twice', ...(step.mayComeAtOnce ? ['at once' as const] : []), ...(step.mayComeLate ? ['late' as const] : [])];
}

/** Two processes get the same command in the same instant. */
async function sendAtOnce(world: World, step: FlowStep): Promise<void> {
  const { command } = step;
  if (command === undefined) return;
  const meter = new Step();
  await Promise.all([world.send(meter, command), world.send(meter, command)]);
  await world.run({ name: 'their messages are consumed' });
}

type Case = {
  name: string;
  /** What is still to come. */
  rest: readonly FlowStep[];
  /** What a clean run shows at this point: what is the same now stays the same. */
  picture?: Picture;
  mayLose: FlowStep['mayLose'];
};

/** Goes on to the end, unless all is as in the clean run, and keeps what is wrong then. */
async function judge(
  world: World,
  clean: Clean,
  played: Played,
  { name, rest, picture, mayLose }: Case,
): Promise<void> {
  played.cases += 1;
  if (picture !== undefined && isSame(pictureOf(await world.photograph()), picture)) return;
  await world.goOn(rest);
  const [expected, effects] = [effectsOf(clean.end), effectsOf(pictureOf(await world.photograph()))];
  const cost = costBeyond(expected, effects);
  for (const kind of Object.keys(cost) as (keyof Cost)[]) played.cost[kind] += cost[kind];
  const most = { slotsLost: mayLose === 'a slot' ? 1 : 0, capacityLost: mayLose === 'capacity' ? 1 : 0 };
  for (const kind of ['slotsLost', 'capacityLost'] as const)
    if (cost[kind] < 0 || cost[kind] > most[kind]) played.wrong.push(`${name}: ${kind} ${cost[kind]}`);
  played.wrong.push(...differences(expected, effects).map((difference) => `${name}: ${difference}`));
}

const isSame = (one: Picture, other: Picture): boolean => JSON.stringify(one) === JSON.stringify(other);
