/** The API over HTTP on a free port of this machine: the front that serves it there, and the functions of the topology. */
import { type Front, startFront } from '../../infra/local/front.ts';
import { Gate } from '../../infra/local/gate.ts';
import { functions } from '../../infra/topology.ts';
import { matchRoute } from '../../shared/api/match.ts';

export type TestHttp = {
  /** A GET by a person; it must succeed. Answers the text, and the cursor of the page after it. */
  get: (path: string, token: string, query?: Record<string, string>) => Promise<{ text: string; next: string | null }>;
  stop: () => Promise<void>;
};

/** Serves the runtime that was provided last. */
export async function serveHttp(): Promise<TestHttp> {
  const front: Front = await startFront(0, {
    match: matchRoute,
    run: async (name, event) => {
      const { file } = functions[`api-${name}` as keyof typeof functions];
      const { handler } = await import(new URL(`../../${file}`, import.meta.url).href);
      return handler(event, {});
    },
    ungated: new Set(),
    gate: new Gate(),
    page: () => undefined,
    log: () => undefined,
  });
  const get: TestHttp['get'] = async (path, token, query = {}) => {
    const url = `http://127.0.0.1:${front.port}${path}?${new URLSearchParams(query)}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return { text, next: answer.headers.get('parley-next') };
  };
  return { get, stop: () => front.stop() };
}
