import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM } from './places.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(program = CHROMIUM ?? ''): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: FLAGS });
}
