import { describe, expect, it } from 'vitest';
import { ExportKind, isExportedBy } from '../../../../shared/export/export.ts';
import { kindsFor } from './kinds.ts';

describe.each(['company', 'provider', 'market'] as const)('the files offered to a %s', (side) => {
  it('are exactly those that the market gives it', () => {
    expect(kindsFor(side).toSorted()).toEqual(ExportKind.options.filter((kind) => isExportedBy(kind, side)).toSorted());
  });
});
