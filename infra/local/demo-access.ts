/** How to act as the demo's company and provider: keys and people, in one file of the data folder that only its owner reads. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const FILE = 'demo-access.json';

const OrganisationAccess = z.object({
  organisation: z.string(),
  name: z.string(),
  /** Who signs in as its admin, with `POST /dev/sign-in`. */
  email: z.string(),
  apiKey: z.string(),
});
export const DemoAccess = z.object({
  company: OrganisationAccess,
  provider: OrganisationAccess,
});
export type DemoAccess = z.infer<typeof DemoAccess>;

export const demoAccessFile = (dataFolder: string): string => join(dataFolder, FILE);

/** Keeps the access in the data folder, with mode 600. */
export function writeDemoAccess(dataFolder: string, access: DemoAccess): void {
  const file = demoAccessFile(dataFolder);
  writeFileSync(file, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 });
  // The mode above counts for a new file only.
  chmodSync(file, 0o600);
}

/** The access, or undefined where the folder has no demo. */
export function readDemoAccess(dataFolder: string): DemoAccess | undefined {
  const file = demoAccessFile(dataFolder);
  if (!existsSync(file)) return undefined;
  return DemoAccess.parse(JSON.parse(readFileSync(file, 'utf8')));
}
