import { describe, expect, it } from 'vitest';
import { brandOf } from './brand.ts';

describe('a company’s colour', () => {
  it('stays as it is where it can be read', () => {
    expect(brandOf('#0b57a4')).toMatchObject({ ground: '#0b57a4', onGround: '#ffffff', light: '#0b57a4' });
  });

  it('is darkened on white and lightened on a dark ground until text can be read', () => {
    const yellow = brandOf('#ffdd00');
    // Black on this yellow has a contrast of 15.6 to 1, white of 1.3 to 1.
    expect(yellow.onGround).toBe('#000000');
    expect(yellow.dark).toBe('#ffdd00');
    expect(yellow.light).not.toBe('#ffdd00');
    const navy = brandOf('#000040');
    expect(navy.light).toBe('#000040');
    expect(navy.dark).not.toBe('#000040');
  });

  it.each(['#ffffff', '#000000', '#777777', '#ffdd00', '#00ff00', '#ff0000', '#123456'])(
    'gives readable text whatever it is: %s',
    (colour) => {
      const { light, dark, ground, onGround, onLight, onDark } = brandOf(colour);
      for (const [text, on] of [
        [light, '#ffffff'],
        [dark, '#1c1f25'],
        [onGround, ground],
        [onLight, light],
        [onDark, dark],
      ] as const)
        expect(contrastOf(text, on), `${text} on ${on}`).toBeGreaterThanOrEqual(4.5);
    },
  );
});

/** WCAG 2.2 written down once more, from its definition of relative luminance. */
function contrastOf(a: string, b: string): number {
  const light = (hex: string) => {
    const value = Number.parseInt(hex.slice(1), 16);
    const linear = [value >> 16, (value >> 8) & 255, value & 255].map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  };
  return (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
}
