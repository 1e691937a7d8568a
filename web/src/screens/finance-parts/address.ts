/** An address in one line, as facts show it. Pure. */
import type { Address } from '../../../../shared/billing-profile/billing-profile.ts';

export const addressText = ({ line1, line2, postalCode, city, state, country }: Address): string => {
  const land = new Intl.DisplayNames(undefined, { type: 'region' }).of(country) ?? country;
  return [line1, line2, [postalCode, city].filter(Boolean).join(' '), state, land].filter(Boolean).join(', ');
};
