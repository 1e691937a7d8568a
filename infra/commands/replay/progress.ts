/** Progress on standard error: a bar with rate and remaining time on a terminal, plain lines elsewhere. */
import cliProgress from 'cli-progress';
import { dayOf } from '../../../shared/kernel/time.ts';

export type Progress = {
  /** Requests sent so far and the market's time. */
  at(done: number, marketMs: number): void;
  /** A sentence about what goes on now. */
  say(text: string): void;
  end(): void;
};

const LINE_EVERY_MS = 5_000;
const BAR_EVERY_MS = 200;

/** `begunAt` requests were sent before this run. */
export function showProgress(total: number, begunAt: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY === true ? bar(total, begunAt, stream) : lines(total, begunAt, stream);
}

/** Requests per second so far, and the seconds that the rest takes at this rate. */
export function pace(
  done: number,
  begunAt: number,
  total: number,
  elapsedMs: number,
): { rate: number; eta: number | null } {
  const rate = ((done - begunAt) * 1_000) / Math.max(elapsedMs, 1);
  return { rate, eta: rate > 0 ? Math.round((total - done) / rate) : null };
}

const clockText = (seconds: number | null) =>
  seconds === null ? '–' : `${Math.floor(seconds / 60)}:${(seconds % 60).toString().padStart(2, '0')}`;

function bar(total: number, begunAt: number, stream: NodeJS.WriteStream): Progress {
  const begun = Date.now();
  const single = new cliProgress.SingleBar(
    {
      format: '{bar} {percentage}% {value}/{total}  {rate}/s  {left} left  {market}',
      stream,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: false,
      stopOnComplete: false,
      fps: 5,
    },
    cliProgress.Presets.shades_classic,
  );
  single.start(total, begunAt, { rate: '–', left: '–', market: '' });
  let shownAt = 0;
  return {
    at(done, marketMs) {
      const now = Date.now();
      if (now - shownAt < BAR_EVERY_MS && done < total) return;
      shownAt = now;
      const { rate, eta } = pace(done, begunAt, total, now - begun);
      single.update(done, { rate: rate.toFixed(0), left: clockText(eta), market: dayOf(marketMs) });
    },
    say: (text) => single.update({ market: text }),
    end: () => single.stop(),
  };
}

function lines(total: number, begunAt: number, stream: NodeJS.WriteStream): Progress {
  const begun = Date.now();
  let shownAt = begun;
  return {
    at(done, marketMs) {
      const now = Date.now();
      if (now - shownAt < LINE_EVERY_MS) return;
      shownAt = now;
      const { rate, eta } = pace(done, begunAt, total, now - begun);
      stream.write(
        `${done}/${total} requests, ${rate.toFixed(0)}/s, ${clockText(eta)} left, market at ${dayOf(marketMs)}\n`,
      );
    },
    say: (text) => stream.write(`${text}\n`),
    end: () => undefined,
  };
}
