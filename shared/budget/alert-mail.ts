/** What the market writes to a company's billing contact when its monthly cap is nearly used up. */
import { type Currency, formatMicros } from '../kernel/money.ts';

export type AlertFacts = { month: string; currency: Currency; percent: number; capMicros: number };

/** A plain mail: what is used up, of which cap, and what happens next. */
export function renderAlert({ month, currency, percent, capMicros }: AlertFacts): {
  subject: string;
  text: string;
  html: string;
} {
  const cap = `${formatMicros(capMicros)} ${currency}`;
  const subject = `${percent} % of the budget for ${month} is used up`;
  const lines = [
    `The requests of ${month} (UTC) have taken ${percent} % of the monthly cap of ${cap}.`,
    percent >= 100
      ? 'Further requests are refused, or held back until the month turns or the cap is raised, as the company chose.'
      : 'Nothing is refused yet. The cap can be changed at any time, and counts at once.',
  ];
  const html = `<!doctype html><html lang="en"><body>${lines.map((line) => `<p>${line}</p>`).join('')}</body></html>`;
  return { subject, text: lines.join('\n'), html };
}
