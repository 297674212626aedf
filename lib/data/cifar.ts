// Reads the records of CIFAR's binary version: label bytes, then a red, a green and a blue plane.

/** What the records hold, with the pixels' three channels brought together. */
export interface CifarRecords {
  /** [N, 32, 32, 3]. */
  readonly images: Uint8Array;
  /** [N]: the class; CIFAR-100's fine one. */
  readonly labels: Uint8Array;
  /** [N]: CIFAR-100's superclass; absent for CIFAR-10. */
  readonly coarseLabels?: Uint8Array;
}

/** How records are laid out. */
export interface CifarFormat {
  /** 1 (class), or 2 (superclass, then class). */
  readonly labelBytes: 1 | 2;
  /** How many records there must be. */
  readonly records: number;
  readonly classes: number;
  /** Needed where there are two label bytes. */
  readonly coarseClasses?: number;
}

/** Height and width of a CIFAR image. */
const side = 32;
const plane = side * side;

/** Bytes of one record. */
export function cifarRecordBytes(labelBytes: 1 | 2): number {
  return labelBytes + 3 * plane;
}

/**
 * Parses a file of CIFAR records.
 *
 * A record is 1 label byte (CIFAR-100: superclass, then class) and 3072 pixel bytes: the red plane, the green, the
 * blue, each 32 rows of 32. Source: Krizhevsky 2009 and https://www.cs.toronto.edu/~kriz/cifar.html, "binary version".
 *
 * @param source names the file in errors.
 * @throws Error where the byte count is not `records` records, or a label is out of range.
 */
export function parseCifar(bytes: Uint8Array, format: CifarFormat, source = "CIFAR data"): CifarRecords {
  const { labelBytes, records, classes, coarseClasses = 0 } = format;
  const recordBytes = cifarRecordBytes(labelBytes);
  if (bytes.length !== records * recordBytes)
    throw new Error(
      `${source}: ${records} records of ${recordBytes} bytes take ${records * recordBytes} bytes; got ${bytes.length}`,
    );

  const images = new Uint8Array(records * 3 * plane);
  const labels = new Uint8Array(records);
  const coarseLabels = new Uint8Array(labelBytes === 2 ? records : 0);
  for (let n = 0; n < records; n++) {
    const start = n * recordBytes;
    if (labelBytes === 2) coarseLabels[n] = checked(bytes[start]!, coarseClasses, "superclass", n, source);
    labels[n] = checked(bytes[start + labelBytes - 1]!, classes, "class", n, source);
    // Planes [3, 32, 32] to pixels [32, 32, 3].
    const red = start + labelBytes;
    let to = n * 3 * plane;
    for (let from = red; from < red + plane; from++) {
      images[to++] = bytes[from]!;
      images[to++] = bytes[from + plane]!;
      images[to++] = bytes[from + 2 * plane]!;
    }
  }
  return labelBytes === 2 ? { images, labels, coarseLabels } : { images, labels };
}

function checked(label: number, classes: number, kind: string, record: number, source: string): number {
  if (label >= classes)
    throw new Error(`${source}: a ${kind} must be 0 to ${classes - 1}; got ${label} in record ${record}`);
  return label;
}
