// Which images are classified correctly, as bits in base64: what two networks on the same images are compared by, in 1.7 kB for 10,000.

/** Bits as base64; the first image is the highest bit of the first byte. */
export function correctMap(correct: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(correct.length / 8));
  correct.forEach((isCorrect, i) => {
    if (isCorrect) bytes[i >> 3]! |= 0x80 >> (i & 7);
  });
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** What `correctImages` reads of a record. */
export interface CorrectImages {
  readonly testCorrect: string;
  readonly data: { readonly test: { readonly images: number } };
}

/**
 * Of each test image, in the split's order, whether a recorded run classifies it correctly.
 *
 * @example
 * ```ts
 * train.correctImages({ testCorrect: "oA==", data: { test: { images: 4 } } }); // [true, false, true, false]
 * ```
 */
export function correctImages({ testCorrect, data }: CorrectImages): boolean[] {
  const bytes = bytesOf(testCorrect);
  return Array.from({ length: data.test.images }, (_, i) => (bytes[i >> 3]! & (0x80 >> (i & 7))) !== 0);
}

const bytesOf = (map: string): number[] => Array.from(atob(map), (character) => character.charCodeAt(0));
