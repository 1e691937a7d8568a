/** E-mails as they come: the examples of the RFCs, and what mail programs really send. */
import { describe, expect, it } from 'vitest';
import { type Mail, rawMailOf, readMail } from './mail.ts';
import type { Payload } from './payload.ts';
import { htmlToText, ownWords } from './words.ts';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const mailOf = async (...lines: string[]): Promise<Mail> => (await readMail(bytesOf(lines.join('\r\n'))))!;
const payload = (body: string, type: string): Payload => ({ bytes: bytesOf(body), headers: { 'content-type': type } });

describe('a message', () => {
  // RFC 5322, appendix A.1.1: https://www.rfc-editor.org/rfc/rfc5322#appendix-A.1.1
  it('says who writes, under which id, and what', async () => {
    const mail = await mailOf(
      'From: John Doe <jdoe@machine.example>',
      'To: Mary Smith <mary@example.net>',
      'Subject: Saying Hello',
      'Date: Fri, 21 Nov 1997 09:55:06 -0600',
      'Message-ID: <1234@local.machine.example>',
      '',
      'This is a message just to say hello.',
      'So, "Hello".',
    );
    expect(mail).toEqual({
      from: 'jdoe@machine.example',
      messageId: '1234@local.machine.example',
      repliesTo: [],
      text: 'Saying Hello\n\nThis is a message just to say hello.\nSo, "Hello".',
      automatic: null,
    });
  });

  // RFC 5322, appendix A.2: the reply to a reply.
  it('says which messages it answers, the nearest first', async () => {
    const mail = await mailOf(
      'To: "Mary Smith: Personal Account" <smith@home.example>',
      'From: John Doe <jdoe@machine.example>',
      'Subject: Re: Saying Hello',
      'Message-ID: <abcd.1234@local.machine.test>',
      'In-Reply-To: <3456@example.net>',
      'References: <1234@local.machine.example> <3456@example.net>',
      '',
      'This is a reply to your reply.',
    );
    expect(mail.repliesTo).toEqual(['3456@example.net', '1234@local.machine.example']);
  });

  // RFC 2046, section 5.1.4 and RFC 2047, section 8: alternatives, and words that are not ASCII.
  it('takes the plain alternative, decodes words and transfer encodings', async () => {
    const mail = await mailOf(
      'From: =?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>',
      'Subject: =?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=',
      'MIME-Version: 1.0',
      'Content-Type: multipart/alternative; boundary=boundary42',
      '',
      '--boundary42',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Caf=E9, bitte.',
      '--boundary42',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>another form</p>',
      '--boundary42--',
    );
    expect(mail.from).toBe('pirard@vm1.ulg.ac.be');
    expect(mail.text).toBe('If you can read this you understand the example.\n\nCafé, bitte.');
    expect(mail.messageId).toMatch(/^mail-[A-Za-z0-9_-]{22}$/);
  });

  it('becomes text where it has markup alone', async () => {
    const html =
      '<html><head><title>x</title><style>p{}</style></head><body><p>Dear&nbsp;team,</p><div>it&#39;s <b>broken</b><br>since&#x20;May &amp; June</div><ul><li>one</li><li>two</li></ul><script>alert(1)</script></body></html>';
    const mail = await mailOf('From: a@example.com', 'Content-Type: text/html', '', html);
    expect(mail.text).toBe("Dear team,\n\nit's broken\nsince May & June\n\n- one\n- two");
  });

  it('has the same id when it comes again, and none of its own where it says none', async () => {
    const lines = ['From: a@example.com', '', 'Hello'];
    expect((await mailOf(...lines)).messageId).toBe((await mailOf(...lines)).messageId);
    expect((await mailOf(...lines)).messageId).not.toBe((await mailOf(...lines, '!')).messageId);
  });

  it('that is no message is told as such', async () => {
    expect(await readMail(bytesOf(''))).toBeUndefined();
  });
});

describe('what no person wrote', () => {
  it.each([
    ['Auto-Submitted: auto-replied', 'RFC 3834, section 5'],
    ['Auto-Submitted: auto-generated (report)', 'RFC 3834, section 5'],
    ['Precedence: bulk', 'RFC 3834, section 3.1.8'],
    ['Precedence: auto_reply', 'what came before'],
    ['Return-Path: <>', 'RFC 5321, section 4.5.5'],
    ['Content-Type: multipart/report; report-type=delivery-status; boundary=b', 'RFC 3464, section 2'],
    ['X-Autoreply: yes', 'what came before'],
    ['From: MAILER-DAEMON@example.com', 'by custom'],
  ])('is known by %s (%s)', async (header) => {
    const from = header.startsWith('From') ? [] : ['From: a@example.com'];
    expect((await mailOf(...from, header, 'Subject: x', '', 'I am away.')).automatic).not.toBeNull();
  });

  it.each(['Auto-Submitted: no', 'Precedence: first-class', 'Return-Path: <a@example.com>', 'X-Mailer: x'])(
    'is not known by %s',
    async (header) => {
      expect((await mailOf('From: a@example.com', header, '', 'Help!')).automatic).toBeNull();
    },
  );
});

describe('the writer’s own words', () => {
  it.each([
    [
      'a history in English',
      'Still broken.\n\nOn Mon, Jan 5, 2026 at 9:00 AM Desk <desk@example.com> wrote:\n> Is it?\n> Yes',
      'Still broken.',
    ],
    [
      'one broken over two lines',
      'Still broken.\n\nOn Mon, Jan 5, 2026 at 9:00 AM Desk of Example\n<desk@example.com> wrote:\n> x',
      'Still broken.',
    ],
    ['one in German', 'Nein.\n\nAm 05.01.26 um 09:00 schrieb Desk:\n> x', 'Nein.'],
    ['one of Outlook', 'No.\n\nFrom: Desk <desk@example.com>\nSent: Monday\nTo: me\nSubject: x\n\nold', 'No.'],
    ['an original message', 'No.\n-----Original Message-----\nold', 'No.'],
    ['a signature', 'Help.\n-- \nAda\nExample Ltd', 'Help.'],
    ['a phone', 'Help.\n\nSent from my iPhone', 'Help.'],
    ['quoted lines at the end', 'Yes, this:\n> a\n\n> b\n', 'Yes, this:'],
  ])('are without %s', (_, text, own) => expect(ownWords(text)).toBe(own));

  it.each([
    ['answers between the quoted lines', '> Which card?\nThe blue one.\n> Since when?\nMay.'],
    [
      'a forwarded message',
      'See below.\n\n---------- Forwarded message ---------\nFrom: Shop <shop@example.com>\nDate: Mon\n\nYour order'.replace(
        '\nDate: Mon',
        '',
      ),
    ],
    ['a text that is nothing but history', '> all of it'],
    ['a sentence that begins like a history', 'On Monday I wrote to you: nothing came.'],
  ])('keep %s', (_, text) => expect(ownWords(text)).toBe(text));

  it('are found in bounded time, whatever the markup', () => {
    for (const piece of ['<style', '<!--', '<', '<p', '&#', '<blockquote '])
      expect(htmlToText(piece.repeat(100_000)).length).toBeLessThan(1_000_000);
  });
});

describe('a raw message', () => {
  const raw = 'From: a@example.com\r\n\r\nHi';

  it('is the body, as a pipe or a function posts it', () => {
    expect(rawMailOf(payload(raw, 'message/rfc822'))).toEqual(bytesOf(raw));
  });

  // https://postmarkapp.com/developer/webhooks/inbound-webhook
  it("is RawEmail in Postmark's JSON", () => {
    const body = JSON.stringify({ FromName: 'Postmarkapp Support', MessageStream: 'inbound', RawEmail: raw });
    expect(rawMailOf(payload(body, 'application/json; charset=utf-8'))).toEqual(bytesOf(raw));
    expect(rawMailOf(payload('{}', 'application/json'))).toBeUndefined();
  });

  // https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http
  it("is body-mime in Mailgun's form, urlencoded or in parts", () => {
    const form = new URLSearchParams({ recipient: 'desk@example.com', 'body-mime': raw });
    expect(rawMailOf(payload(form.toString(), 'application/x-www-form-urlencoded'))).toEqual(bytesOf(raw));
    const parts = `--x\r\nContent-Disposition: form-data; name="body-mime"\r\n\r\n${raw}\r\n--x--\r\n`;
    expect(rawMailOf(payload(parts, 'multipart/form-data; boundary=x'))).toEqual(bytesOf(raw));
  });
});
