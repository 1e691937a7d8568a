/** Mail on one machine: nothing leaves it, each mail is a file of the data folder, and a page lists the newest. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mail, OutgoingMail } from '../../shared/gateways/mail.ts';
import type { DataFolder } from './data-folder.ts';

const MOST_SHOWN = 200;

export type Outbox = Mail & {
  /** The newest mails first, 200 at the most. */
  list: () => Promise<OutgoingMail[]>;
};

/** The outbox of a data folder. A mail that is sent again under its id is the same file. */
export function openOutbox(folder: DataFolder): Outbox {
  const place = folder.file('outbox');
  return {
    isConfigured: true,
    send: async (mail) => {
      await mkdir(place, { recursive: true, mode: 0o700 });
      const name = `${String(mail.at).padStart(15, '0')}-${mail.id.replaceAll(/[^\w-]/g, '_')}.json`;
      await writeFile(join(place, name), JSON.stringify(mail), { mode: 0o600 });
    },
    list: async () => {
      const names = (await readdir(place).catch(() => [])).filter((name) => name.endsWith('.json'));
      const newest = names.sort().reverse().slice(0, MOST_SHOWN);
      return Promise.all(
        newest.map(async (name) => JSON.parse(await readFile(join(place, name), 'utf8')) as OutgoingMail),
      );
    },
  };
}
