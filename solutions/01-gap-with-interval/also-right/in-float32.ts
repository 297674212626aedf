// Typed arrays of float32, one pass (Welford), and a class.
class Summary {
  #count = 0;
  #mean = Math.fround(0);
  #squares = Math.fround(0);

  constructor(runs: Float32Array) {
    for (const run of runs) {
      this.#count++;
      const before = Math.fround(run - this.#mean);
      this.#mean = Math.fround(this.#mean + before / this.#count);
      this.#squares = Math.fround(this.#squares + before * (run - this.#mean));
    }
  }

  get mean(): number {
    return this.#mean;
  }

  get squaredError(): number {
    return this.#squares / (this.#count - 1) / this.#count;
  }
}

export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const [a, d] = [shallow, deep].map((runs) => new Summary(Float32Array.from(runs)));
  const gap = d!.mean - a!.mean;
  const half = t * Math.sqrt(a!.squaredError + d!.squaredError);
  return { upper: gap + half, lower: gap - half, gap, half };
}
