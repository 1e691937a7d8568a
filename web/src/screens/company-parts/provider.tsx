/** A provider by its name, and its measured quality. */
import { useRead } from '../../api/use-api.ts';

/** Its record as others see it; undefined until that is read. */
export const useReputation = (provider: string) =>
  useRead('/v1/organisations/{organisation}/reputation', { path: { organisation: provider } }).data;

/** Its name; its id until that is read. */
export function ProviderName({ id }: { id: string | null }) {
  return id === null ? <span>–</span> : <Named id={id} />;
}

function Named({ id }: { id: string }) {
  return <span title={id}>{useReputation(id)?.name ?? id}</span>;
}
