// Numbers as JSON has them: of any size and any precision.

/** A number as it is written, where the browser would write another. */
export class Literal {
  #text;

  constructor(text) {
    this.#text = text;
  }

  toString() {
    return this.#text;
  }

  /** The nearest number that the browser can compute with. */
  valueOf() {
    return Number(this.#text);
  }
}

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Numbers with more digits than these are compared as the browser has them. */
const DIGITS = 1000;

/** Whether a text is a number as JSON writes one. */
export function isNumeral(text) {
  return NUMBER.test(text);
}

/** The number that is written; a literal where the browser would change it. */
export function numberOf(text) {
  const number = Number(text);
  return String(number) === text && Number.isFinite(number) ? number : new Literal(text);
}

export function isNumber(value) {
  return typeof value === 'number' || value instanceof Literal;
}

/** Whether a number has no fraction: 1.0 and 1e3 have none. */
export function isWhole(number) {
  return decimal(number).exponent >= 0;
}

/** Less than 0, 0 or more than 0, as `left` is less than `right`, the same or more. */
export function compare(left, right) {
  const [one, other] = aligned(left, right) ?? [Number(left), Number(right)];
  return one < other ? -1 : Number(one > other);
}

export function isMultiple(number, of) {
  const [whole, part] = aligned(number, of) ?? [Number(number), Number(of)];
  return Number(part) !== 0 && Number(whole % part) === 0;
}

/** One text for all the ways in which a number can be written. */
export function normal(number) {
  const { digits, exponent } = decimal(number);
  return `${digits}e${exponent}`;
}

/** Both numbers as whole ones of one scale, so that nothing is rounded. */
function aligned(left, right) {
  const [one, other] = [decimal(left), decimal(right)];
  const least = Math.min(one.exponent, other.exponent);
  const scaled = ({ digits, exponent }) => BigInt(digits + '0'.repeat(exponent - least));
  const isLong = [one, other].some(({ digits, exponent }) => digits.length + exponent - least > DIGITS);
  return isLong ? undefined : [scaled(one), scaled(other)];
}

/** A number as `digits` times ten to the `exponent`, without zeros at the end. */
function decimal(number) {
  const [, sign, whole, fraction = '', power = '0'] = String(number).match(NUMBER) ?? [];
  const digits = `${whole}${fraction}`.replace(/0+$/, '');
  if (digits === '') return { digits: '0', exponent: 0 };
  return { digits: sign + digits, exponent: Number(power) + `${whole}${fraction}`.length - digits.length - fraction.length };
}
