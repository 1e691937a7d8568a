/** A service class in words. */
import type { ServiceClass } from '../../../../shared/service-class/service-class.ts';

type Named = Pick<ServiceClass, 'category' | 'channel'>;

export const classTitle = ({ category, channel }: Named): string => `${category} · ${channel}`;
export const classDetails = ({ language, region, slaTier }: ServiceClass): string =>
  `${language} · ${region} · ${slaTier}`;

/** Whether every word of a search is found somewhere in a class, whatever its case. */
export function fitsClass(serviceClass: ServiceClass, search: string): boolean {
  const text = Object.values(serviceClass).join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
