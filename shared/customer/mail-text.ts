/** What the market writes to customers, in the company's name. One catalogue; a language that is not in it gets English. */
import type { Branding } from '../organisation/branding.ts';

export type MailReason = 'resolved' | 'renewed' | 'news';
type Texts = Record<
  MailReason,
  { subject: (name: string) => string; lines: (name: string, until: string) => string[] }
> & {
  button: string;
};

const CATALOGUE = {
  en: {
    resolved: {
      subject: (name) => `${name}: is it solved?`,
      lines: (name, until) => [
        `${name} has worked on your request.`,
        'Please say whether it is solved. If it is not, somebody looks again; you can also ask for a person.',
        `The page is open until ${until}. No password is needed, so keep the link to yourself.`,
      ],
    },
    renewed: {
      subject: (name) => `${name}: your new link`,
      lines: (name, until) => [
        `Here is the new link to your request with ${name}.`,
        `The page is open until ${until}. No password is needed, so keep the link to yourself.`,
        'If you did not ask for it, you need not do anything.',
      ],
    },
    news: {
      subject: (name) => `${name}: news of your request`,
      lines: (name, until) => [
        `${name} has news of your request.`,
        'Please read it on your page. If it does not fit what you need, you can say so there and ask for a person.',
        `The page is open until ${until}. No password is needed, so keep the link to yourself.`,
      ],
    },
    button: 'Open your request',
  },
  de: {
    resolved: {
      subject: (name) => `${name}: Ist es gelöst?`,
      lines: (name, until) => [
        `${name} hat Ihre Anfrage bearbeitet.`,
        'Bitte sagen Sie, ob sie gelöst ist. Wenn nicht, sieht noch einmal jemand nach; Sie können auch um einen Menschen bitten.',
        `Die Seite ist bis ${until} offen. Sie braucht kein Passwort, behalten Sie den Link also für sich.`,
      ],
    },
    renewed: {
      subject: (name) => `${name}: Ihr neuer Link`,
      lines: (name, until) => [
        `Hier ist der neue Link zu Ihrer Anfrage bei ${name}.`,
        `Die Seite ist bis ${until} offen. Sie braucht kein Passwort, behalten Sie den Link also für sich.`,
        'Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun.',
      ],
    },
    news: {
      subject: (name) => `${name}: Neues zu Ihrer Anfrage`,
      lines: (name, until) => [
        `Es gibt Neues zu Ihrer Anfrage bei ${name}.`,
        'Bitte lesen Sie es auf Ihrer Seite. Wenn es nicht zu Ihrem Anliegen passt, sagen Sie es dort und bitten um einen Menschen.',
        `Die Seite ist bis ${until} offen. Sie braucht kein Passwort, behalten Sie den Link also für sich.`,
      ],
    },
    button: 'Anfrage öffnen',
  },
} as const satisfies Record<string, Texts>;
export type MailLanguage = keyof typeof CATALOGUE;
export const MAIL_LANGUAGES = Object.keys(CATALOGUE) as MailLanguage[];

/** The mails' language for a queue's language (BCP 47). */
export function mailLanguage(language: string): MailLanguage {
  const primary = language.toLowerCase().split('-')[0] ?? '';
  return MAIL_LANGUAGES.find((one) => one === primary) ?? 'en';
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A mail in a company's brand; `until` in ms of business time, shown as a UTC date. */
export function renderMail(
  reason: MailReason,
  language: MailLanguage,
  branding: Branding,
  link: { url: string; until: number },
): { subject: string; text: string; html: string } {
  const texts: Texts = CATALOGUE[language];
  const until = `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(link.until)} UTC`;
  const lines = texts[reason].lines(branding.name, until);
  const colour = branding.colour ?? '#1b1f24';
  const logo =
    branding.logoUrl === null
      ? ''
      : `<p><img src="${escaped(branding.logoUrl)}" alt="${escaped(branding.name)}" height="40"></p>`;
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`).join('\n');
  return {
    subject: texts[reason].subject(branding.name).replaceAll(/[\r\n]+/g, ' '),
    text: [...lines, '', link.url].join('\n'),
    html: `<!doctype html><html lang="${language}"><body style="font:16px/1.5 sans-serif;max-width:36rem">
${logo}
${paragraphs}
<p><a href="${escaped(link.url)}" style="color:${escaped(colour)};font-weight:600">${escaped(texts.button)}</a></p>
</body></html>`,
  };
}
