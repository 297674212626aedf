// Student's t distribution for whole degrees of freedom.

/** The t for which P(|T| <= t) is `probability`, by bisection. */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (studentWithin(high, degreesOfFreedom) < probability) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, degreesOfFreedom) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * P(|T| <= t) for a whole number n of degrees of freedom: the finite series of Abramowitz and Stegun, 26.7.3 and 26.7.4,
 * in powers of the cosine of θ = atan(t / √n).
 */
export function studentWithin(t: number, n: number): number {
  const theta = Math.atan(t / Math.sqrt(n));
  const cosine = Math.cos(theta);
  const odd = n % 2 === 1;
  // odd n:  cos θ + 2/3 cos³ θ + (2·4)/(3·5) cos⁵ θ + ... up to cos^(n-2) θ
  // even n: 1 + 1/2 cos² θ + (1·3)/(2·4) cos⁴ θ + ...     up to cos^(n-2) θ
  let term = odd ? cosine : 1;
  let sum = 0;
  for (let power = odd ? 1 : 0; power <= n - 2; power += 2) {
    sum += term;
    term *= ((power + 1) / (power + 2)) * cosine ** 2;
  }
  const series = Math.sin(theta) * sum;
  return odd ? (2 / Math.PI) * (theta + series) : series;
}
