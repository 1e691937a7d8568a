import { describe, expect, it } from 'vitest';
import { PlaybookInput } from '../../../../shared/playbook/playbook.ts';
import { contentsOf, EMPTY, moved, valuesOf } from './values.ts';

describe('the form of a playbook', () => {
  it('sends what was saved again, unchanged, where nothing is edited', () => {
    const contents = {
      sections: [{ title: 'Tone', markdown: '**Kind**' }],
      actions: [{ name: 'Refund', rule: 'up to 20' }],
      snippets: [],
      escalations: [{ when: 'angry', to: 'us' }],
      links: [{ title: 'Help', url: 'https://help.example' }],
      shows: { fields: ['order'], personalData: true, attachments: false },
    };
    expect(contentsOf(valuesOf(contents))).toEqual(contents);
  });

  it('leaves out entries that nobody filled in, and shows no field where the list is empty', () => {
    const values = { ...EMPTY, snippets: [{ key: '1', name: ' ', text: '' }], showsAllFields: false };
    expect(PlaybookInput.parse(contentsOf(values))).toMatchObject({ snippets: [], shows: { fields: [] } });
  });

  it('moves an entry by one place, and nowhere at the ends', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  });
});
