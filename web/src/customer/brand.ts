/** A company's colour, made legible: the hue stays, its lightness moves until text can be read. */

type Rgb = readonly [number, number, number];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The grounds of the page in both schemes, as customer.css has them. */
const GROUNDS: { light: Rgb; dark: Rgb } = { light: [255, 255, 255], dark: [28, 31, 37] };
/** WCAG 2.2, 1.4.3: text of normal size. */
const READABLE = 4.5;
const PLAIN = '#2f40bb';

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
const hexOf = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance by WCAG 2.2, from 0 (black) to 1 (white). */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours by WCAG 2.2, from 1 to 21. */
function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const mixed = (rgb: Rgb, toward: Rgb, share: number): Rgb =>
  rgb.map((part, n) => part + (toward[n]! - part) * share) as unknown as Rgb;

/** The nearest colour on the way to black or white that can be read on a ground. */
function readableOn(rgb: Rgb, ground: Rgb): Rgb {
  const toward = luminance(ground) > 0.5 ? BLACK : WHITE;
  for (let step = 0; step <= 20; step++) {
    // Rounded first: what is shown is what was measured.
    const tried = mixed(rgb, toward, step / 20).map(Math.round) as unknown as Rgb;
    if (contrast(tried, ground) >= READABLE) return tried;
  }
  return toward;
}

export type Brand = {
  /** The colour as the company gave it, and what can be read on it. */
  ground: string;
  onGround: string;
  /** For text, lines and the main button, in each scheme, and what can be read on them. */
  light: string;
  onLight: string;
  dark: string;
  onDark: string;
};

/** The colours of a page in a company's brand; the market's own where it has none. */
export function brandOf(colour: string | null): Brand {
  const given = rgbOf(colour ?? PLAIN);
  const on = (rgb: Rgb): string => hexOf(contrast(rgb, WHITE) >= contrast(rgb, BLACK) ? WHITE : BLACK);
  const light = readableOn(given, GROUNDS.light);
  const dark = readableOn(given, GROUNDS.dark);
  return {
    ground: hexOf(given),
    onGround: on(given),
    light: hexOf(light),
    onLight: on(light),
    dark: hexOf(dark),
    onDark: on(dark),
  };
}
