/** Which ink reads on a colour that a company chose. */

/** Whether black reads better than white on a colour: by its relative luminance (WCAG 2.2), above 0.179. */
export function isLight(colour: string): boolean {
  const channel = (at: number): number => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5) > 0.179;
}
