// Exact fractions of whole numbers, as Python's schedule computes with: no rounding decides what a window shows.

/** @typedef {{n: bigint, d: bigint}} Fraction a value n / d with d > 0 */

/** @returns {Fraction} */
export function fraction(n, d = 1n) {
  const [top, bottom] = [BigInt(n), BigInt(d)];
  return bottom < 0n ? { n: -top, d: -bottom } : { n: top, d: bottom };
}

/** Reads `25`, `24000/1001` or `19.88`. @returns {Fraction} */
export function fractionOf(text) {
  const [top, bottom = "1"] = String(text).split("/");
  const [whole, decimals = ""] = top.split(".");
  return fraction(BigInt(whole + decimals), BigInt(bottom) * 10n ** BigInt(decimals.length));
}

/** The fraction with at most nine decimals that a number of seconds means. @returns {Fraction} */
export const fractionOfNumber = (seconds) => fraction(BigInt(Math.round(seconds * 1e6)), 1_000_000n);

export const toNumber = ({ n, d }) => Number(n) / Number(d);
export const add = (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const subtract = (a, b) => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
export const multiply = (a, b) => fraction(a.n * b.n, a.d * b.d);
export const divide = (a, b) => fraction(a.n * b.d, a.d * b.n);

/** Below 0, 0 or above 0, as a lies before, on or behind b. */
export function compare(a, b) {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The whole number at or below a fraction. */
export function floor({ n, d }) {
  const whole = n / d;
  return Number(n % d < 0n ? whole - 1n : whole);
}

export const ceil = ({ n, d }) => -floor({ n: -n, d });
export const absolute = ({ n, d }) => ({ n: n < 0n ? -n : n, d });
export const ZERO = { n: 0n, d: 1n };
