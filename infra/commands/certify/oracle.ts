/** The largest gain of any group by leaving, as a mixed-integer program with a binary per company. */
import type { LeavingGame } from '../../../shared/market/leaving.ts';
import { loadOnce, ProgramBuilder } from '../../../shared/market/solver.highs.ts';

export type OracleAnswer = {
  /** The best group the program found, indexes rising; it may be empty. */
  readonly companies: readonly number[];
  /** No group gains more, in micro-units, to the solver's tolerances (floating point, 10⁻⁹ of a request). */
  readonly boundMicros: number;
  /** Whether the program was solved to its end; otherwise the bound is what the counted nodes left open. */
  readonly isClosed: boolean;
  readonly nodes: number;
  readonly method: string;
};

/**
 * Maximises Σ v_ij x_ij − Σ p_jt y_jt − Σ u_i z_i: company i may join (z_i = 1) and then place up to D_i requests, but it
 * takes its gain u_i along; provider j serves at most K_j·Σ ω_i z_i, at the tier whose minimum that volume meets.
 */
export async function askOracle(game: LeavingGame, mostNodes: number): Promise<OracleAnswer> {
  const highs = await loadOnce(undefined);
  const method = `HiGHS ${highs.version.string}`;
  const program = buildProgram(game, highs.infinity);
  if (program.joins.size === 0) return { companies: [], boundMicros: 0, isClosed: true, nodes: 0, method };
  return highs.withModel(program.builder.build(highs), (model) => {
    model.options.set({
      output_flag: false,
      mip_rel_gap: 0,
      mip_abs_gap: 0,
      mip_feasibility_tolerance: 1e-9,
      primal_feasibility_tolerance: 1e-9,
      mip_max_nodes: mostNodes,
    });
    model.run();
    const { optimal, solutionLimit } = highs.constants.modelStatus;
    const status = model.getModelStatus();
    if (status !== optimal && status !== solutionLimit) throw new Error(`HiGHS ended with model status ${status}`);
    const { colValue } = model.getSolution();
    const joins = [...program.joins].filter(([, column]) => colValue[column]! > 0.5).map(([i]) => i);
    const bound = Math.max(0, Number(model.info.get('mip_dual_bound')) * program.scale);
    return {
      companies: joins,
      boundMicros: Math.ceil(bound),
      isClosed: status === optimal,
      nodes: Number(model.info.get('mip_node_count')),
      method,
    };
  });
}

type Program = { builder: ProgramBuilder; joins: Map<number, number>; scale: number };

function buildProgram({ market, shareBases, surplusMicros }: LeavingGame, infinity: number): Program {
  const builder = new ProgramBuilder();
  const { companies, providers } = market;
  const scale = companies.reduce((most, { reserveMicros }) => Math.max(most, reserveMicros), 1);
  const shareSum = shareBases.reduce((sum, base) => sum + base, 0);
  const balance = providers.map(() => builder.addRow(0, 0));
  const capacity = providers.map(() => builder.addRow(-infinity, 0));
  const joins = new Map<number, number>();
  const volumes = providers.map(() => 0);
  for (const [i, company] of companies.entries()) {
    const share = shareBases[i]!;
    if (share === 0) continue;
    const demand = builder.addRow(-infinity, 0);
    const room = providers.map((provider, j): [number, number] => [
      capacity[j]!,
      (-provider.capacity * share) / shareSum,
    ]);
    const entries: [number, number][] = [[demand, -company.volume], ...room];
    joins.set(i, builder.addColumn(-surplusMicros[i]! / scale, 1, entries, 1));
    for (const j of company.open) {
      volumes[j]! += company.volume;
      const row: [number, number][] = [
        [demand, 1],
        [balance[j]!, 1],
      ];
      builder.addColumn(company.values[j]! / scale, company.volume, row);
    }
  }
  for (const [j, provider] of providers.entries()) {
    const most = Math.min(provider.capacity, volumes[j]!);
    const one = builder.addRow(-infinity, 1);
    for (const [t, step] of provider.steps.entries()) {
      if (step.minVolume > most) continue;
      const upper = Math.min(provider.steps[t + 1]?.minVolume ?? most, most);
      const floor = builder.addRow(0, infinity);
      const cap = builder.addRow(-infinity, 0);
      const served: [number, number][] = [
        [balance[j]!, -1],
        [capacity[j]!, 1],
        [floor, 1],
        [cap, 1],
      ];
      builder.addColumn(-step.allInMicros / scale, upper, served);
      const chosen: [number, number][] = [
        [one, 1],
        [floor, -step.minVolume],
        [cap, -upper],
      ];
      builder.addColumn(0, 1, chosen, 1);
    }
  }
  return { builder, joins, scale };
}
