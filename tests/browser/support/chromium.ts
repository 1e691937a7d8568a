/** Where a Chromium is on this machine. */
import { existsSync } from 'node:fs';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `CHROMIUM`, or the first of the usual places; undefined where there is none. */
export const findChromium = (): string | undefined => process.env.CHROMIUM ?? USUAL.find((path) => existsSync(path));

export const HOW_TO_GET_ONE =
  'There is no Chromium here. Install one (on Debian and Ubuntu: apt-get install chromium), or say where it is with CHROMIUM=/path.';
