// JSON schemas as this page reads them: references followed, `allOf` merged,
// `anyOf [T, null]` seen as a T that may be null.
//
// Everything works one level at a time and on demand, so that types which
// contain themselves are no special case.

import { isObject, own, same, write } from './json.js';
import { compare } from './number.js';

/** How far references and wrappers are followed before they count as a loop. */
const HOPS = 8;

/** What a field says about itself, beside its type: the outermost wins. */
const ANNOTATIONS = ['title', 'description', 'default', 'examples', 'deprecated'];

const FORMATS = {
  uuid: '00000000-0000-4000-8000-000000000000',
  'date-time': '2026-01-01T12:00:00Z',
  date: '2026-01-01',
  time: '12:00:00Z',
  email: 'someone@example.org',
  uri: 'https://example.org/',
};

export class Schemas {
  #root;
  #views = new WeakMap();

  constructor(root) {
    this.#root = root;
  }

  /** What a reference into this document points at. */
  at(reference) {
    if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
    return pointer(reference).reduce(own, this.#root);
  }

  /** Follows references. */
  resolve(node) {
    for (let hop = 0; hop < HOPS && typeof own(node, '$ref') === 'string'; hop += 1) node = this.at(node.$ref);
    return own(node, '$ref') === undefined ? node : undefined;
  }

  /**
   * One schema, ready to be drawn: `{kind, name, nullable, variants, keywords,
   * origin}`, where `kind` is a JSON type or one of `const`, `enum`, `union`,
   * `any`, and `origin` is the same object for every reference to a type.
   */
  view(schema) {
    if (!isObject(schema)) return { kind: 'any', keywords: {} };
    if (!this.#views.has(schema)) this.#views.set(schema, this.#look(schema, 0));
    return this.#views.get(schema);
  }

  #look(schema, depth) {
    const { name, keywords, origin } = this.#expand(schema, 0);
    const { anyOf, oneOf, ...base } = keywords;
    const all = alternatives(keywords);
    const others = all.filter((one) => this.#expand(one, 0).keywords.type !== 'null');
    const nullable = others.length < all.length;

    if (others.length === 0 || depth > HOPS) {
      return { kind: nullable ? 'null' : kind(base), name, nullable, keywords: base, origin };
    }
    const shared = isObject(base.properties);
    const variants = others.map((one) => (shared ? { allOf: [one, without(base, ANNOTATIONS)] } : one));
    if (variants.length === 1) {
      const inner = this.#look(variants[0], depth + 1);
      // The title is of the choice between the two, and not of what may be null.
      const named = inner.name ?? inner.keywords.title;
      const said = Object.fromEntries(ANNOTATIONS.filter((key) => key in base && (key !== 'title' || named === undefined)).map((key) => [key, base[key]]));
      return { ...inner, name: inner.name ?? name, nullable: nullable || inner.nullable, keywords: { ...inner.keywords, ...said } };
    }
    return { kind: 'union', name, nullable, variants, keywords: base, origin };
  }

  /** Follows references and merges `allOf`. */
  #expand(schema, depth) {
    const target = this.resolve(schema);
    const isReference = typeof own(schema, '$ref') === 'string';
    const name = isReference ? pointer(schema.$ref).at(-1) : undefined;
    if (!isObject(target)) return { name, keywords: {} };
    // What stands beside a reference is said of the place, not of the type.
    const beside = isReference ? only(schema, ANNOTATIONS) : {};
    const { allOf, ...said } = target;
    const keywords = { ...said, ...beside };
    if (!Array.isArray(allOf) || depth > HOPS / 2) return { name, keywords, origin: target };
    const whole = allOf.reduce((sum, part) => merge(sum, this.#expand(part, depth + 1).keywords), keywords);
    return { name, keywords: whole, origin: target };
  }

  /** The fields, entries, items or variants directly below a schema. */
  children(schema) {
    const view = this.view(schema);
    const { keywords } = view;
    if (view.kind === 'union') {
      const names = this.variantNames(view.variants);
      return view.variants.map((variant, index) => ({ name: names[index], schema: variant, role: 'variant' }));
    }
    if (view.kind === 'array' && Array.isArray(keywords.items)) {
      return keywords.items.map((item, index) => ({ name: `[${index}]`, schema: item, role: 'item' }));
    }
    if (view.kind === 'array') return this.#inner('each item', keywords.items);
    if (view.kind !== 'object') return [];
    return [...this.properties(view), ...this.#inner('each value', entryOf(keywords)?.schema)];
  }

  /** What is inside a container's element; a scalar one needs no row, its type says it all. */
  #inner(name, schema) {
    if (!isObject(schema)) return [];
    const view = this.view(schema);
    const plain = this.children(schema).length === 0 && view.kind !== 'enum' && !view.keywords.description;
    return plain ? [] : [{ name, schema, role: 'item' }];
  }

  /** The named properties of an object's view. */
  properties({ keywords }) {
    const required = Array.isArray(keywords.required) ? keywords.required : [];
    return Object.entries(isObject(keywords.properties) ? keywords.properties : {}).map(([name, schema]) => ({
      name,
      schema,
      required: required.includes(name),
      role: 'field',
    }));
  }

  /**
   * How alternatives are called: by what tells them apart on the wire, where
   * there is that, else by their names, or else by their types.
   */
  variantNames(variants) {
    const tags = variants.map((one) => this.#tag(one)?.text);
    return variants.map((one, index) => {
      const isOwn = tags[index] !== undefined && tags.indexOf(tags[index]) === tags.lastIndexOf(tags[index]);
      const { keywords, name } = this.view(one);
      return isOwn ? tags[index] : keywords.title ?? name ?? this.label(one);
    });
  }

  /** Whether a value says by its tag that it is of this alternative. */
  isTagged(schema, value) {
    const tag = this.#tag(schema);
    return tag !== undefined && Object.hasOwn(Object(value), tag.name) && (tag.schema === undefined || same(value[tag.name], tag.schema.const));
  }

  /** The property that tells an alternative from the others: a constant, or the only one. */
  #tag(schema) {
    const view = this.view(schema);
    const properties = this.properties(view);
    const constant = properties.find((one) => this.view(one.schema).kind === 'const');
    if (constant) {
      const { keywords } = this.view(constant.schema);
      return { name: constant.name, schema: keywords, text: String(keywords.const) };
    }
    const [only] = properties;
    const isWrapper = properties.length === 1 && only.required && view.keywords.additionalProperties === false && view.name === undefined;
    return isWrapper ? { name: only.name, text: only.name } : undefined;
  }

  /** The type in a few words. */
  label(schema, depth = 0) {
    const view = this.view(schema);
    if (depth > 3) return '…';
    return this.#bare(view, depth) + (view.nullable && view.kind !== 'null' ? ' or null' : '');
  }

  #bare(view, depth) {
    const { kind, keywords } = view;
    const named = keywords.title ?? view.name;
    if (kind === 'const') return write(keywords.const);
    if (kind === 'union') return named ?? view.variants.map((one) => this.label(one, depth + 1)).join(' or ');
    if (kind === 'array' && isObject(keywords.items)) return `array of ${this.label(keywords.items, depth + 1)}`;
    if (kind === 'array' && Array.isArray(keywords.items)) {
      return `[${keywords.items.map((item) => this.label(item, depth + 1)).join(', ')}]`;
    }
    if (kind === 'object') {
      const entry = entryOf(keywords);
      const map = entry && !Object.keys(keywords.properties ?? {}).length;
      return map ? `map of ${this.label(entry.schema, depth + 1)}` : named ?? 'object';
    }
    if (kind === 'enum') return named ?? 'enum';
    return keywords.format ? `${kind} (${keywords.format})` : kind;
  }

  /** What else a value must keep to, each in a few words. */
  constraints(schema) {
    const { kind, keywords: k } = this.view(schema);
    return [
      kind === 'array' && range(k.minItems, k.maxItems, ['item', 'items']),
      range(k.minLength, k.maxLength, ['character', 'characters']),
      width(k.minimum, k.maximum) ?? range(k.minimum, k.maximum),
      k.exclusiveMinimum !== undefined && `> ${k.exclusiveMinimum}`,
      k.exclusiveMaximum !== undefined && `< ${k.exclusiveMaximum}`,
      k.multipleOf !== undefined && `multiple of ${k.multipleOf}`,
      k.pattern !== undefined && `matches ${k.pattern}`,
      k.uniqueItems === true && 'no duplicates',
      range(k.minProperties, k.maxProperties, ['entry', 'entries']),
      kind === 'object' && k.additionalProperties === false && 'no other fields',
    ].filter(Boolean);
  }

  /** A value that shows what the type can hold. */
  example(schema) {
    return this.#make(schema, true, []);
  }

  /** The least a value must have: where a form starts. */
  blank(schema) {
    return this.#make(schema, false, []);
  }

  /** `above` holds the types this value is in: inside itself a type is null. */
  #make(schema, full, above) {
    const { kind, nullable, variants, origin, keywords: k } = this.view(schema);
    if (k.default !== undefined) return k.default;
    if (full && Array.isArray(k.examples) && k.examples.length) return k.examples[0];
    if (kind === 'const') return k.const;
    if (above.includes(origin) || above.length > HOPS || (nullable && !full)) return null;
    const within = [...above, origin];
    switch (kind) {
      case 'enum': return k.enum[0];
      case 'union': return this.#make(variants[0], full, within);
      case 'object': return this.#object(schema, full, within);
      case 'array': return this.#array(k, full, within);
      case 'boolean': return false;
      case 'integer':
      case 'number': return nearestToZero(k);
      case 'string': return full ? text(k) : '';
      default: return null;
    }
  }

  #object(schema, full, within) {
    const wanted = this.properties(this.view(schema)).filter((one) => one.required || (full && within.length < 4));
    return Object.fromEntries(wanted.map((one) => [one.name, this.#make(one.schema, full, within)]));
  }

  #array({ items, minItems = 0 }, full, within) {
    if (Array.isArray(items)) return items.map((item) => this.#make(item, full, within));
    if (within.includes(this.view(items).origin)) return [];
    const count = Math.max(Math.min(minItems, 20), full && within.length < 3 ? 1 : 0);
    return Array.from({ length: count }, () => this.#make(items, full, within));
  }
}

/** What a map's keys and values must be, where an object has more than its named properties. */
export function entryOf({ additionalProperties, patternProperties }) {
  const [pattern] = Object.entries(isObject(patternProperties) ? patternProperties : {});
  if (pattern) return { pattern: pattern[0], schema: pattern[1] };
  return isObject(additionalProperties) ? { schema: additionalProperties } : undefined;
}

/** A text that shows how a value is written, as far as the schema tells. */
export function sampleOf({ examples, format }) {
  const [example] = Array.isArray(examples) ? examples : [];
  if (example === undefined) return own(FORMATS, format);
  return typeof example === 'string' ? example : write(example);
}

/** The parts of a JSON pointer written as a URL fragment. */
export function pointer(reference) {
  return reference.slice(2).split('/').map((part) => safelyDecoded(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function safelyDecoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function alternatives({ anyOf, oneOf, ...rest }) {
  if (Array.isArray(anyOf)) return anyOf;
  if (Array.isArray(oneOf)) return oneOf;
  if (Array.isArray(rest.type)) return rest.type.map((type) => ({ ...rest, type }));
  return [];
}

function kind(keywords) {
  if ('const' in keywords) return 'const';
  if (Array.isArray(keywords.enum) && keywords.enum.length) return 'enum';
  if (typeof keywords.type === 'string') return keywords.type;
  if (keywords.properties || keywords.patternProperties || isObject(keywords.additionalProperties)) return 'object';
  return keywords.items ? 'array' : 'any';
}

function merge(left, right) {
  const merged = { ...right, ...left };
  for (const key of ['properties', 'patternProperties']) {
    if (left[key] && right[key]) merged[key] = { ...right[key], ...left[key] };
  }
  if (Array.isArray(left.required) && Array.isArray(right.required)) merged.required = [...left.required, ...right.required];
  return merged;
}

function only(object, keys) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}

function without(object, keys) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Bounds of so many digits that they are read by the width of the number. */
function width(least, most) {
  const bounds = `${least} ${most}`;
  if (bounds === '-9223372036854775808 9223372036854775807') return 'of 64 bits';
  if (bounds === '-3.4028235e+38 3.4028235e+38') return 'of 32 bits';
  return bounds === '0 18446744073709551615' ? '≥ 0, of 64 bits' : undefined;
}

function range(least, most, unit = ['', '']) {
  if (least === undefined && most === undefined) return undefined;
  const span = most === undefined ? `≥ ${least}` : least === undefined ? `≤ ${most}` : least === most ? `${most}` : `${least} to ${most}`;
  const word = span === '1' ? unit[0] : unit[1];
  return `${span} ${word}`.trim();
}

/** The number nearest to zero that keeps to its bounds: those of a type's width are far from it. */
function nearestToZero({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const is = (bound, isBeyond) => bound !== undefined && isBeyond(compare(bound, 0));
  if (is(minimum, (order) => order > 0)) return minimum;
  if (is(maximum, (order) => order < 0)) return maximum;
  if (is(exclusiveMinimum, (order) => order >= 0)) return Number(exclusiveMinimum) + 1;
  if (is(exclusiveMaximum, (order) => order <= 0)) return Number(exclusiveMaximum) - 1;
  return 0;
}

function text({ format, minLength = 0, maxLength }) {
  return (own(FORMATS, format) ?? 'text').padEnd(Math.min(minLength, 200), 'x').slice(0, maxLength);
}
