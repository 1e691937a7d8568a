/** What the claim of a turn shows. */
import type { DataOf } from '../../api/types.ts';

export type Work = DataOf<'get', '/v1/leases/{lease}/work'>;
