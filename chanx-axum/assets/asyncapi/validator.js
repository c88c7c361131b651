// Checks a value against a schema: what of draft-07 typed messages use.

import { isObject, own, plain, same, step, write } from './json.js';
import { compare, isMultiple, isNumber, isWhole } from './number.js';

/** Ends the check of a schema that keeps leading back to itself. */
const STEPS = 20000;

const FORMATS = {
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/,
};

/** Everything wrong with a value, as `{path, message}` with JSON pointers. */
export function validate(schemas, schema, value) {
  return new Validator(schemas).check(schema, value, '', 0);
}

class Validator {
  #steps = 0;

  constructor(schemas) {
    this.schemas = schemas;
  }

  check(schema, value, path, depth) {
    this.#steps += 1;
    if (this.#steps > STEPS || depth > 200) return [];
    if (schema === false) return [{ path, message: 'must not be here' }];
    const rules = this.schemas.resolve(schema);
    if (!isObject(rules)) return [];

    const within = (part, inner, key) => this.check(part, inner, key === undefined ? path : step(path, key), depth + 1);
    const mistyped = wrongType(rules, value) ?? wrongChoice(rules, value);
    if (mistyped) return [{ path, message: mistyped }];
    return [
      ...wrongScalar(rules, value).map((message) => ({ path, message })),
      ...(isObject(value) ? this.#object(rules, value, path, within) : []),
      ...(Array.isArray(value) ? this.#array(rules, value, within) : []),
      ...listed(rules.allOf).flatMap((part) => within(part, value)),
      ...this.#alternatives(rules, value, path, within),
    ];
  }

  #object(rules, value, path, within) {
    const keys = Object.keys(value);
    const missing = listed(rules.required)
      .filter((key) => !Object.hasOwn(value, key))
      .map((key) => ({ path: step(path, key), message: 'is required' }));
    return [...missing, ...keys.flatMap((key) => this.#property(rules, key).flatMap((part) => within(part, value[key], key)))];
  }

  /** The schemas one property must satisfy. */
  #property(rules, key) {
    const named = own(rules.properties, key);
    const patterns = Object.entries(rules.patternProperties ?? {}).filter(([pattern]) => matches(pattern, key));
    const parts = [...(named === undefined ? [] : [named]), ...patterns.map(([, part]) => part)];
    return parts.length || rules.additionalProperties === undefined ? parts : [rules.additionalProperties];
  }

  #array(rules, value, within) {
    const { items } = rules;
    if (items === undefined) return [];
    return value.flatMap((item, index) => {
      const part = Array.isArray(items) ? items[index] ?? rules.additionalItems : items;
      return part === undefined ? [] : within(part, item, index);
    });
  }

  #alternatives(rules, value, path, within) {
    const parts = rules.anyOf ?? rules.oneOf;
    if (!Array.isArray(parts)) return [];
    const results = parts.map((part) => within(part, value));
    const fitting = results.filter((errors) => errors.length === 0).length;
    if (fitting === 1 || (fitting > 1 && rules.anyOf)) return [];
    if (fitting > 1) return [{ path, message: 'fits more than one alternative' }];
    // What was meant is what the tag names. Where there is none, an
    // alternative whose very type is wrong was not.
    const named = results.filter((_, index) => this.schemas.isTagged(parts[index], value));
    if (named.length === 1) return named[0];
    const meant = results.filter((errors) => !errors.some((one) => one.path === path || one.message.startsWith('must be "')));
    return meant.length === 1 ? meant[0] : [{ path, message: hint(this.schemas, parts) }];
  }
}

function hint(schemas, parts) {
  return `must be ${schemas.variantNames(parts).join(' or ')}`;
}

function wrongType(rules, value) {
  const types = rules.type === undefined ? [] : [].concat(rules.type);
  return types.length && !types.some((type) => isType(type, value)) ? `must be ${types.join(' or ')}` : undefined;
}

function isType(type, value) {
  switch (type) {
    case 'null': return value === null;
    case 'array': return Array.isArray(value);
    case 'object': return isObject(value);
    case 'integer': return isNumber(value) && isWhole(value);
    case 'number': return isNumber(value);
    default: return typeof value === type;
  }
}

function wrongChoice(rules, value) {
  if ('const' in rules && !same(rules.const, value)) return `must be ${write(rules.const)}`;
  const choices = listed(rules.enum);
  const isChosen = choices.length === 0 || choices.some((choice) => same(choice, value));
  return isChosen ? undefined : `must be one of ${choices.map((choice) => write(choice)).join(', ')}`;
}

/** Lengths, bounds and patterns: what they do not apply to passes. */
function wrongScalar(rules, value) {
  if (isNumber(value)) return wrongNumber(rules, value);
  if (typeof value === 'string') return wrongString(rules, value);
  if (Array.isArray(value)) {
    const repeated = rules.uniqueItems && new Set(value.map(plain)).size < value.length;
    return [...wrongLength(rules.minItems, rules.maxItems, value.length, 'item'), ...(repeated ? ['must not repeat items'] : [])];
  }
  return isObject(value) ? wrongLength(rules.minProperties, rules.maxProperties, Object.keys(value).length, 'entry') : [];
}

function wrongNumber(rules, value) {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = rules;
  const breaks = (bound, isBroken) => isNumber(bound) && isBroken(compare(value, bound));
  return [
    breaks(minimum, (order) => order < 0) && `must be at least ${minimum}`,
    breaks(maximum, (order) => order > 0) && `must be at most ${maximum}`,
    breaks(exclusiveMinimum, (order) => order <= 0) && `must be more than ${exclusiveMinimum}`,
    breaks(exclusiveMaximum, (order) => order >= 0) && `must be less than ${exclusiveMaximum}`,
    isNumber(multipleOf) && !isMultiple(value, multipleOf) && `must be a multiple of ${multipleOf}`,
  ].filter(Boolean);
}

function wrongString(rules, value) {
  const format = own(FORMATS, rules.format);
  return [
    ...wrongLength(rules.minLength, rules.maxLength, [...value].length, 'character'),
    rules.pattern !== undefined && !matches(rules.pattern, value) && `must match ${rules.pattern}`,
    format && !format.test(value) && `must be a ${rules.format}`,
  ].filter(Boolean);
}

function wrongLength(least, most, length, unit) {
  return [
    length < least && `must have at least ${counted(least, unit)}`,
    length > most && `must have at most ${counted(most, unit)}`,
  ].filter(Boolean);
}

function counted(count, unit) {
  if (count === 1) return `1 ${unit}`;
  return `${count} ${unit === 'entry' ? 'entries' : `${unit}s`}`;
}

/** A pattern this browser cannot read accepts everything: the server decides. */
function matches(pattern, text) {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function listed(value) {
  return Array.isArray(value) ? value : [];
}
