import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** From one look at the pages to the next, in milliseconds. */
const FRAME_MS = 250;
const CAPTION_HEIGHT = 44;
const GAP = 8;
/** Share of the size on the screen. */
const SCALE = 0.8;

interface Frame {
  readonly image: Buffer;
  readonly at: number;
}

/** Pages side by side, looked at again and again, with a line of text below. */
export class MovingPicture {
  caption = '';
  readonly #view: { readonly width: number; readonly height: number };
  readonly #pages: Page[];
  readonly #frames: Frame[] = [];
  #isFilming = true;
  #endedAt = 0;

  constructor(view: { readonly width: number; readonly height: number }, pages: readonly Page[]) {
    this.#view = view;
    this.#pages = [...pages];
  }

  /** Shows one more page, beside the others. */
  show(page: Page): void {
    this.#pages.push(page);
  }

  /** Takes frames until {@link MovingPicture.stop}. */
  async start(): Promise<void> {
    while (this.#isFilming) {
      const at = performance.now();
      const image = await this.#frame();
      const last = this.#frames.at(-1);
      if (last === undefined || !image.equals(last.image)) this.#frames.push({ image, at });
      await wait(Math.max(0, at + FRAME_MS - performance.now()));
    }
    this.#endedAt = performance.now();
  }

  stop(): void {
    this.#isFilming = false;
  }

  /** Writes an animated WebP. */
  async write(path: string): Promise<void> {
    const times = [...this.#frames.map(({ at }) => at), this.#endedAt];
    const delay = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? time)));
    const { size, width, pageHeight } = await sharp(
      this.#frames.map(({ image }) => image),
      { join: { animated: true } },
    )
      .webp({ quality: 55, effort: 6, delay, loop: 0 })
      .toFile(path);
    const seconds = ((this.#endedAt - (times[0] ?? 0)) / 1_000).toFixed(0);
    console.log(
      `${path}: ${delay.length} frames, ${seconds} s, ${width} × ${pageHeight}, ${Math.ceil(size / 1_024)} KiB`,
    );
  }

  async #frame(): Promise<Buffer> {
    const { width, height } = this.#view;
    const total = { width: 2 * width + GAP, height: height + CAPTION_HEIGHT };
    const shots = await Promise.all(this.#pages.map((page) => page.screenshot({ caret: 'hide' })));
    const text = `<svg width="${total.width}" height="${CAPTION_HEIGHT}"><text x="16" y="29" font-family="sans-serif" font-size="21" fill="white">${this.caption}</text></svg>`;
    const whole = await sharp({ create: { ...total, channels: 3, background: '#1f2430' } })
      .composite([
        ...shots.map((input, index) => ({ input, left: index * (width + GAP), top: 0 })),
        { input: Buffer.from(text), left: 0, top: height },
      ])
      .png()
      .toBuffer();
    return sharp(whole)
      .resize(Math.round(total.width * SCALE))
      .png({ compressionLevel: 3 })
      .toBuffer();
  }
}
