/** Calls to organisations' endpoints. Apart from the runtime, so that only functions that call them carry what it takes. */
import { type WebhookGateway, webhookGateway } from '../shared/gateways/webhooks.ts';
import type { Runtime } from './runtime.ts';

let toPublicAddresses: WebhookGateway | undefined;

/** The host's own gateway where it has one, else one that reaches public addresses only. */
export function webhooksOf(runtime: Pick<Runtime, 'webhooks'>): WebhookGateway {
  toPublicAddresses ??= webhookGateway();
  return runtime.webhooks ?? toPublicAddresses;
}
