import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../shared/client/client.ts';
import type { ServiceClass } from '../../shared/service-class/service-class.ts';
import { moneyText } from '../../web/src/ui/format.ts';
import { axe, openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { advancePast, hoursFrom } from './support/clock.ts';
import { apiOf, askedRequest, resolveRequest } from './support/demo-api.ts';

const WHOLE_JOURNEY_MS = 240_000;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** A queue as the app names it. */
const longName = ({ category, channel, language, region, slaTier }: ServiceClass) =>
  `${category} · ${channel}, ${language}, ${region}, ${slaTier}`;

/**
 * A queue whose open round the company has nothing committed to, after its first provisional clearing, in which enough others
 * take part: with too few nobody is told what it would cost.
 */
async function uncommitted() {
  const company = await apiOf('company.admin');
  const { items: queues } = await dataOf(company.GET('/v1/queues', { params: { query: { limit: 100 } } }));
  const { items: own } = await dataOf(company.GET('/v1/commitments', { params: { query: { limit: 100 } } }));
  const taken = own.map(({ commitment }) => `${commitment.queue} ${commitment.round}`);
  const free = queues.flatMap((queue) =>
    queue.open === null || taken.includes(`${queue.id} ${queue.open.round}`)
      ? []
      : [{ company, queue, open: queue.open }],
  );
  for (const one of free) {
    const { queue, open } = one;
    await advancePast(hoursFrom(open.closesAt, -(queue.terms.provisionalHours[0] ?? 0)));
    const params = { path: { queue: queue.id, round: open.round } };
    const body = { currency: queue.currency, volume: 20 };
    const asked = await company.POST('/v1/queues/{queue}/rounds/{round}/preview', { params, body });
    if (asked.data !== undefined) return one;
  }
  throw new Error(`no queue tells the company what it would cost, of ${free.map(({ queue }) => queue.id).join(', ')}`);
}

describe('a company', () => {
  it(
    'posts demand after asking what it would cost, changes it, and sees its award and why once the round has cleared',
    async () => {
      const { company, queue, open } = await uncommitted();
      const path = { queue: queue.id, round: open.round };
      const { page, faults, close } = await visit(browser);
      await signedIn(page, 'company.admin', '/demand');
      await page.getByRole('link', { name: 'Post demand' }).click();
      await page.getByRole('button', { name: `Choose: ${longName(queue.serviceClass)}` }).click();

      await page.getByRole('heading', { name: 'How much, and at what price?' }).waitFor();
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await page.getByLabel('Requests in this round').getAttribute('aria-invalid')).toBe('true');
      await page.getByLabel('Requests in this round').fill('20');
      await page.getByRole('button', { name: 'Continue' }).click();

      await page.getByRole('heading', { name: 'What would it cost?' }).waitFor();
      const asked = { currency: queue.currency, volume: 20 };
      const preview = await dataOf(
        company.POST('/v1/queues/{queue}/rounds/{round}/preview', { params: { path }, body: asked }),
      );
      const money = (micros: number | null) => moneyText(micros ?? 0, queue.currency);
      // Four fifths of 20 by the terms of the demo.
      await page
        .getByText(
          `20 requests cost you ${money(preview.mostMicros)} at the very most; you pay for 16 of them at least, so sending none would cost about ${money(preview.leastMicros)}.`,
        )
        .waitFor();
      expect(preview.estimatedPriceMicros).not.toBeNull();
      await page
        .getByText(moneyText(preview.estimatedPriceMicros!, queue.currency, { exact: true }))
        .first()
        .waitFor();
      await page.getByRole('slider', { name: 'Volume' }).press('ArrowRight');
      await page.getByText(/^21 requests cost you/).waitFor();
      await page.getByRole('button', { name: 'Continue' }).click();

      await page.getByRole('heading', { name: 'What you agree to' }).waitFor();
      // Four fifths of 21 by the terms of the demo, and half the price for each that is missing.
      const most = moneyText(21 * queue.terms.ceilingMicros, queue.currency);
      const none = moneyText((17 * queue.terms.ceilingMicros) / 2, queue.currency);
      await page
        .getByText(
          `21 requests cost you ${most} at the very most; you pay for 17 of them at least, so sending none would cost at most ${none}.`,
        )
        .waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Continue' }).click();

      await page.getByRole('button', { name: 'Commit' }).click();
      await page.getByText('Tick this to commit.').waitFor();
      await page.getByRole('checkbox', { name: /^I have read the terms/ }).check();
      await page.getByRole('button', { name: 'Commit' }).click();
      await page.getByRole('heading', { name: 'Committed' }).waitFor();
      const held = await dataOf(company.GET('/v1/queues/{queue}/rounds/{round}/commitment', { params: { path } }));
      expect(held).toMatchObject({ volume: 21, overflow: 'allowed', rollOver: false });
      await page.getByText(held.hash).waitFor();

      await page.getByRole('link', { name: 'To the commitment' }).click();
      await page.getByRole('link', { name: 'Change' }).click();
      await page.getByLabel('Requests in this round').fill('19');
      for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('checkbox', { name: /^I have read the terms/ }).check();
      await page.getByRole('button', { name: 'Commit the change' }).click();
      await page.getByRole('heading', { name: 'Committed' }).waitFor();

      await advancePast(open.startsAt);
      await page.goto(`/demand/${queue.id}/${open.round}`);
      await page.getByRole('heading', { name: 'What you were awarded' }).waitFor();
      const award = await dataOf(company.GET('/v1/queues/{queue}/rounds/{round}/award', { params: { path } }));
      expect(award.committed).toBe(19);
      await page
        .getByText(moneyText(award.unitPriceMicros, queue.currency, { exact: true }))
        .first()
        .waitFor();
      const why = await dataOf(company.GET('/v1/queues/{queue}/rounds/{round}/why', { params: { path } }));
      await page.getByText(why.explanation).waitFor();
      expect(faults).toEqual([]);
      await close();
    },
    WHOLE_JOURNEY_MS,
  );

  it(
    'sends a request, follows its timeline and thread, confirms it, and checks its receipt',
    async () => {
      const { page, faults, close } = await visit(browser);
      await signedIn(page, 'company.admin', '/requests/new');
      const { request: example } = await askedRequest('Only to learn which queue has an award now.');
      const company = await apiOf('company.admin');
      const { queue } = await dataOf(company.GET('/v1/requests/{request}', { params: { path: { request: example } } }));
      await page.goto(`/requests/new?queue=${queue}`);
      const ownId = `journey-${Date.now()}`;
      await page.getByLabel(/^Customer/).fill(`${ownId}@mail.example`);
      await page.getByLabel('What the customer said').fill('My invoice is wrong, call me under +1 212 555 0100.');
      await page.getByLabel(/^Your own id/).fill(ownId);
      await page.getByRole('button', { name: 'Send' }).click();

      await page.getByRole('heading', { name: ownId, level: 1 }).waitFor();
      const request = new URL(page.url()).pathname.split('/')[2] ?? '';
      await page.getByLabel('Message', { exact: true }).fill('We are looking into it.');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByText('We are looking into it.').waitFor();
      await page.getByRole('button', { name: 'Show it' }).click();
      await page.getByText('My invoice is wrong, call me under +1 212 555 0100.').waitFor();

      await resolveRequest(request, 'Put the invoice right.');
      await page.reload();
      await page.getByText('Put the invoice right.').waitFor();
      await page.getByText(/^Resolved by/).waitFor();
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
      await page.getByText('The resolution is confirmed.').waitFor();

      const { resolvedAt } = await dataOf(company.GET('/v1/requests/{request}', { params: { path: { request } } }));
      const { terms } = await dataOf(company.GET('/v1/queues/{queue}', { params: { path: { queue } } }));
      await advancePast(hoursFrom(resolvedAt ?? '', terms.reopenHours + 1));
      await page.goto('/requests');
      await page.getByLabel('Find a request').fill(ownId);
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('heading', { name: ownId, level: 1 }).waitFor();
      await page.getByText('Signature checked in your browser').waitFor();

      await page.goto('/requests');
      await page.getByLabel('Find a request').fill(`${ownId.toUpperCase()}@mail.example`);
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('link', { name: ownId }).waitFor();
      expect(faults).toEqual([]);
      await close();
    },
    WHOLE_JOURNEY_MS,
  );

  it('imports a file whose columns it may map, and gets what was refused as a file to mend', async () => {
    const { page, faults, close } = await visit(browser);
    await signedIn(page, 'company.operator', '/imports/new');
    const { items } = await dataOf((await apiOf('company.operator')).GET('/v1/queues'));
    const mark = `file-${Date.now()}`;
    const rows = [
      'Case Number;Requester;Message',
      `${mark}-1;a@mail.example;"Where is my parcel;`,
      'it is late"',
      `${mark}-2;;Nobody asks`,
    ];
    const file = { name: `${mark}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\r\n')}\r\n`) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('Where is my parcel; it is late').waitFor();
    await page.getByRole('combobox', { name: 'Queue' }).first().click();
    await page.getByRole('option', { name: longName(items[0]!.serviceClass) }).click();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: `${mark}.csv`, level: 1 }).waitFor();
    await page.getByText('100% of the file read').waitFor({ timeout: 30_000 });
    await settled(page);
    await page.getByRole('row', { name: new RegExp(`${mark}-2`) }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'File of errors' }).click();
    let text = '';
    for await (const part of await (await saved).createReadStream()) text += String(part);
    const [header = '', ...refused] = text.trim().split('\r\n');
    expect(header.split(',').slice(4)).toEqual(['Case Number', 'Requester', 'Message']);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain(`${mark}-2`);
    expect(faults).toEqual([]);
    await close();
  });
});
