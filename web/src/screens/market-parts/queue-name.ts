/** What a queue is called: by its service class. */
import type { ServiceClass } from '../../../../shared/service-class/service-class.ts';

/** `Billing · Phone`. */
export const shortName = ({ category, channel }: Pick<ServiceClass, 'category' | 'channel'>): string =>
  `${category} · ${channel}`;
/** `Billing · Phone, en-US, US, standard`. */
export const longName = (of: ServiceClass): string => `${shortName(of)}, ${of.language}, ${of.region}, ${of.slaTier}`;
