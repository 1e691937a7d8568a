/** A provider's measured quality. */
import { useRead } from '../../api/use-api.ts';

/** Its record as others see it; undefined until that is read. */
export const useReputation = (provider: string) =>
  useRead('/v1/organisations/{organisation}/reputation', { path: { organisation: provider } }).data;
