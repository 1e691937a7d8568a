import { describe, expect, it } from 'vitest';
import { blocksOf, inlineOf } from './markdown.ts';

describe('Markdown of a playbook', () => {
  it('has headings, paragraphs, lists and code, in order', () => {
    expect(blocksOf('# Tone\nBe kind.\nBe brief.\n\n- one\n* two\n1. first\n```\na = *b*\n```\n')).toEqual([
      { kind: 'heading', level: 1, inline: [{ kind: 'text', text: 'Tone' }] },
      { kind: 'paragraph', inline: [{ kind: 'text', text: 'Be kind.\nBe brief.' }] },
      { kind: 'list', isOrdered: false, items: [[{ kind: 'text', text: 'one' }], [{ kind: 'text', text: 'two' }]] },
      { kind: 'list', isOrdered: true, items: [[{ kind: 'text', text: 'first' }]] },
      { kind: 'code', text: 'a = *b*' },
    ]);
  });

  it('marks up within a line, and follows only https', () => {
    expect(inlineOf('a **b** *c* _d_ `e` [f](https://x.example/y) [g](javascript:alert(1))')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'strong', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', text: 'd' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'e' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'f', href: 'https://x.example/y' },
      { kind: 'text', text: ' [g](javascript:alert(1))' },
    ]);
  });

  it('ends on every text, whatever is left open', () => {
    for (const text of ['```\nnever closed', '**', '- ', '#', '', '[a](', '1.'])
      expect(blocksOf(text)).toBeInstanceOf(Array);
  });
});
