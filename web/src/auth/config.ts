/** What the app is told of the place where it runs, read once. */
import type { WebConfig } from '../../../shared/api/web-config.ts';

let asked: Promise<WebConfig> | undefined;

export function readConfig(): Promise<WebConfig> {
  asked ??= fetch('/config.json').then(async (answer) => {
    if (!answer.ok) throw new Error(`GET /config.json answered ${answer.status}`);
    return (await answer.json()) as WebConfig;
  });
  return asked;
}
