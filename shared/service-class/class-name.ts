/** What people call a service class. */
import type { ServiceClass } from './service-class.ts';

/** `Billing · Phone`. */
export const shortName = ({ category, channel }: Pick<ServiceClass, 'category' | 'channel'>): string =>
  `${category} · ${channel}`;
/** `Billing · Phone, en-US, US, standard`. */
export const longName = (of: ServiceClass): string => `${shortName(of)}, ${of.language}, ${of.region}, ${of.slaTier}`;
