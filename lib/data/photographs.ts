// The photographs that come with the course, and any other picture, brought to the square that a network takes.
import { datasetRoots, readIfThere } from "#datasets";
import { decodePng, type DecodePngOptions, type Picture } from "../files/png.js";
import { integerWithin, onlyKnown } from "../options.js";

/** One of the course's photographs. */
export interface Photograph extends Picture {
  /** What it shows, in a word: `cat`. */
  readonly name: string;
  /** The class of CIFAR-10 that it belongs to, where it has one. */
  readonly cifarClass?: string;
  readonly author: string;
  readonly licence: string;
}

/** Options of `photographs`. */
export interface PhotographsOptions {
  /** A folder (in a browser, an address) that holds `photographs/`, instead of `RESIDUAL_DATA` and the repository's `datasets`. */
  readonly root?: string;
}

/**
 * The seven photographs of `datasets/photographs`, 192x192, red, green and blue. Sources and licences are in the README there.
 *
 * @throws Error where they are not there, or a file is no picture.
 *
 * @example
 * ```ts
 * const photographs = await data.photographs();
 * photographs.map(({ name }) => name); // ["cat", "moose", "rocket", "windmill", "coffee", "igloo", "goldfish"]
 * photographs[0].shape; // [192, 192, 3]
 * ```
 */
export async function photographs(options: PhotographsOptions = {}): Promise<readonly Photograph[]> {
  onlyKnown("photographs", options, ["root"]);
  const folders = datasetRoots(options.root).map((root) => `${root}/photographs`);
  for (const folder of folders) {
    const list = await readIfThere(`${folder}/photographs.json`);
    if (list === undefined) continue;
    const listed = JSON.parse(new TextDecoder().decode(list)) as readonly Omit<Photograph, keyof Picture>[];
    return Promise.all(
      listed.map(async (about) => {
        const path = `${folder}/${about.name}.png`;
        const bytes = await readIfThere(path);
        if (bytes === undefined)
          throw new Error(`${path} is missing, but photographs.json beside it names it`);
        return { ...about, ...decodePng(bytes, { name: path }) };
      }),
    );
  }
  throw new Error(
    `the photographs are not here: they belong to the repository, git checkout datasets/photographs. Looked in ${folders.join(", ")}`,
  );
}

/**
 * A picture of your own, from the bytes of a PNG file: 8 bits a value, not interlaced, at most 16 million pixels. It reads no JPEG.
 *
 * @throws Error that says what is wrong with the file.
 *
 * @example
 * ```ts
 * const png = plot.image(Uint8Array.of(255), [1, 1, 1])[Symbol.for("Jupyter.display")]()["image/png"];
 * data.pictureFrom(png).shape; // [1, 1, 3]
 * ```
 */
export function pictureFrom(png: Uint8Array, options: DecodePngOptions = {}): Picture {
  onlyKnown("pictureFrom", options, ["name"]);
  return decodePng(png, options);
}

/**
 * The largest square in the middle of a picture, brought to `side` x `side` pixels. Each new pixel is the mean of the area that it covers, so
 * that shrinking loses detail and makes no new one.
 *
 * @throws RangeError where the side is no whole number from 1 to 4096, or the pixels do not fit their shape.
 *
 * @example
 * ```ts
 * const [cat] = await data.photographs();
 * data.square(cat, 32).shape; // [32, 32, 3]
 * ```
 */
export function square({ pixels, shape: [height, width, channels] }: Picture, side: number): Picture {
  integerWithin("square: side", side, 1, 4096);
  if (pixels.length !== height * width * channels || (channels as number) !== 3 || pixels.length === 0)
    throw new RangeError(
      `a picture of ${height}x${width}x${String(channels)} must have three channels and as many bytes; got ${pixels.length}`,
    );
  const from = Math.min(height, width);
  const [top, left] = [Math.floor((height - from) / 2), Math.floor((width - from) / 2)];
  const shares = sharesOf(from, side);
  const result = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const [row, down] of shares[y]!)
          for (const [column, across] of shares[x]!)
            sum += down * across * pixels[((top + row) * width + left + column) * 3 + c]!;
        result[(y * side + x) * 3 + c] = Math.round(sum);
      }
  return { pixels: result, shape: [side, side, 3] };
}

/** For each of `side` places the pixels of a row of `from` that it covers, with their shares of it. */
function sharesOf(from: number, side: number): readonly (readonly (readonly [number, number])[])[] {
  const step = from / side;
  return Array.from({ length: side }, (_, place) => {
    const [start, end] = [place * step, (place + 1) * step];
    const found: [number, number][] = [];
    for (let pixel = Math.floor(start); pixel < Math.min(from, Math.ceil(end - 1e-9)); pixel++)
      found.push([pixel, (Math.min(end, pixel + 1) - Math.max(start, pixel)) / step]);
    return found;
  });
}
