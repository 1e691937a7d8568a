import { describe, expect, it } from 'vitest';
import { plainBranding } from '../organisation/branding.ts';
import { MAIL_LANGUAGES, mailLanguage, renderMail } from './mail-text.ts';

const link = { url: 'https://parley.example/c/token', until: Date.parse('2026-02-09T09:05:00Z') };

describe('mails to customers', () => {
  it.each([
    ['de-AT', 'de'],
    ['DE', 'de'],
    ['en-US', 'en'],
    ['fr-FR', 'en'],
    ['', 'en'],
  ])('are in the language of the queue, %j: %s', (language, expected) => {
    expect(mailLanguage(language)).toBe(expected);
  });

  it.each(MAIL_LANGUAGES)('in %s carry the company’s name, the link and its end', (language) => {
    for (const reason of ['resolved', 'renewed'] as const) {
      const mail = renderMail(reason, language, plainBranding('Acme Bank'), link);
      expect(mail.subject).toContain('Acme Bank');
      expect(mail.text).toContain(link.url);
      expect(mail.html).toContain(link.url);
      expect(mail.text).toMatch(/2026.*UTC/);
    }
  });

  it('take nothing of a brand for markup, and no line break into a subject', () => {
    const branding = {
      ...plainBranding('Bank\r\nBcc: x <script>'),
      logoUrl: 'https://cdn.example/a.png?a=1&b="><script>alert(1)</script>',
    };
    const mail = renderMail('resolved', 'en', branding, link);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toContain('<script>');
  });
});
