/** The id of a route in words: `putBillingProfile` is `Put billing profile`. Pure. */
export function wordsOf(action: string): string {
  const words = action.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
