// A form for a value, made from its schema.
//
// An editor shows one value and calls `change` with the next; `undefined`
// stands for a value that is left out. Editors of objects and arrays hold what
// is inside them, so properties the schema does not name survive an edit.

import { button, h, select, uniqueId } from './dom.js';
import { isObject, own, parse, pretty, same, step, write } from './json.js';
import { inline } from './markdown.js';
import { freshOf } from './fresh.js';
import { isNumeral, numberOf } from './number.js';
import { entryOf, sampleOf } from './schema.js';
import { validate } from './validator.js';

/** Deeper values are edited as JSON. */
const DEPTH = 6;

/** The form of a whole value. */
export function form(schemas, schema, value, path, change) {
  return h('div', { class: 'form' }, editor({ schemas, schema, value, path, change, depth: 0, label: 'payload', required: true, bare: true }));
}

/** Puts messages beside the fields they are about; returns those that have none. */
export function markErrors(root, errors) {
  const fields = new Map([...root.querySelectorAll('[data-path]')].map((field) => [field.dataset.path, field]));
  for (const field of fields.values()) showError(field, '');
  return errors.filter(({ path, message }) => {
    const place = nearest(fields, path);
    if (place === undefined) return true;
    const inside = path.slice(place.length + 1);
    showError(fields.get(place), inside ? `${inside} ${message}` : message);
    return false;
  });
}

function nearest(fields, path) {
  for (let place = path; place; place = place.slice(0, place.lastIndexOf('/'))) {
    if (fields.has(place)) return place;
  }
  return undefined;
}

function showError(field, message) {
  const [shown, input] = [field.querySelector(':scope > .error'), field.querySelector(':scope > [data-input], :scope > .filled > [data-input]')];
  shown.textContent = message && shown.textContent ? `${shown.textContent}; ${message}` : message;
  shown.hidden = !message;
  if (message) input?.setAttribute('aria-invalid', 'true');
  else input?.removeAttribute('aria-invalid');
}

function editor(context) {
  const view = context.schemas.view(context.schema);
  const given = { ...context, view };
  if (context.depth > DEPTH) return raw(given);
  const composite = { object: objectEditor, array: arrayEditor, union: unionEditor }[view.kind];
  // Only what is there is drawn, or a type that contains itself would not end.
  const isThere = given.value !== undefined && given.value !== null;
  if (composite) return isThere && !mayBeAbsent(given) ? group(given, composite(given)) : optional(given, composite);
  return { any: raw, const: fixed, null: fixed, enum: choice, boolean: choice }[view.kind]?.(given) ?? line(given);
}

function mayBeAbsent({ required, view }) {
  return !required || view.nullable;
}

/** What stands for "nothing here": left out where that is allowed, else null. */
function absent({ required, view }) {
  return required && view.nullable ? null : undefined;
}

// One value on one line.

/** A labelled input, with a button beside it where one can fill it. */
function field(context, input, filler) {
  const { label, view, path, schemas, schema, required } = context;
  const [error, note] = [errorLine(), hint(view)];
  input.id = uniqueId();
  input.setAttribute('data-input', '');
  input.setAttribute('aria-describedby', note ? `${error.id} ${note.id}` : error.id);
  return h('div', { class: 'field', 'data-path': path },
    h('label', { for: input.id }, h('span', {}, label, required && star()), h('span', { class: 'muted small' }, schemas.label(schema))),
    filler ? h('div', { class: 'filled' }, input, filler) : input,
    error,
    note);
}

function star() {
  return h('span', { class: 'star', title: 'required' }, ' *');
}

function errorLine() {
  return h('p', { class: 'error', id: uniqueId(), hidden: true });
}

function hint({ keywords: { description } }) {
  return typeof description === 'string' && h('p', { class: 'hint', id: uniqueId() }, inline(description.split('\n', 1)[0]));
}

function line(context) {
  const { view, value, change } = context;
  const isText = view.kind === 'string';
  const read = () => {
    const typed = input.value;
    if (typed === '' && (mayBeAbsent(context) || !isText)) return change(absent(context));
    // What is no number stays what was typed, and the check says so.
    const numeral = typed.trim();
    return change(!isText && isNumeral(numeral) ? numberOf(numeral) : typed);
  };
  const shown = value === undefined || value === null ? '' : typeof value === 'string' ? value : write(value);
  const attributes = {
    autocomplete: 'off',
    placeholder: sampleOf(view.keywords),
    spellcheck: isText ? null : 'false',
    inputmode: isText ? null : 'decimal',
    oninput: () => read(),
  };
  // A field of one line would drop the breaks of a text that has several.
  const isLong = isText && (view.keywords.maxLength > 200 || shown.includes('\n'));
  const input = isLong ? h('textarea', { rows: 2, ...attributes }) : h('input', attributes);
  input.value = shown;
  const fresh = isText && freshOf(view.keywords.format);
  const filler = fresh && button(fresh.label, () => {
    input.value = fresh.make();
    read();
  }, { 'data-fresh': context.path, 'aria-label': `${fresh.label}: ${context.label}` });
  return field(context, input, filler);
}

function choice(context) {
  const { view, value, change } = context;
  const choices = view.kind === 'boolean' ? [true, false] : view.keywords.enum;
  const none = mayBeAbsent(context) ? [['', absent(context) === null ? 'null' : 'left out']] : [];
  const chosen = choices.findIndex((one) => same(one, value));
  // A value that is none of the choices is shown, so that it can be corrected.
  const odd = chosen < 0 && value !== undefined && value !== null ? [['odd', write(value)]] : [];
  const input = select([...none, ...odd, ...choices.map((one, index) => [String(index), typeof one === 'string' ? one : write(one)])], {
    onchange: () => input.value !== 'odd' && change(input.value === '' ? absent(context) : choices[Number(input.value)]),
  });
  if (chosen >= 0) input.value = String(chosen);
  return field(context, input);
}

function fixed(context) {
  const { view, change, required, value } = context;
  const constant = view.kind === 'null' ? null : view.keywords.const;
  if (required && value === undefined) change(constant);
  return field(context, h('input', { readonly: true, value: write(constant) }));
}

/** Any JSON, written as JSON. */
function raw(context) {
  const input = h('textarea', {
    rows: 2,
    class: 'code',
    spellcheck: 'false',
    oninput: () => {
      const read = parse(input.value);
      if (input.value === '') context.change(absent(context));
      else if (read.error) input.setAttribute('aria-invalid', 'true');
      else context.change(read.value);
      if (!read.error) input.removeAttribute('aria-invalid');
    },
  });
  input.value = context.value === undefined ? '' : pretty(context.value);
  return field(context, input);
}

// Values made of others.

function group(context, content, remove) {
  const { label, path, view, bare, required } = context;
  if (bare) return h('div', { 'data-path': path }, errorLine(), content);
  return h('fieldset', { 'data-path': path }, h('legend', {}, label, required && star(), remove), errorLine(), hint(view), content);
}

/** A composite that can be added and removed again. */
function optional(context, composite) {
  const place = h('div');
  const show = (value, touched) => {
    const next = { ...context, value };
    place.replaceChildren(value === undefined || value === null ? add() : group({ ...next, bare: false }, composite(next), remove()));
    if (touched) place.querySelector('input, select, textarea, button')?.focus();
  };
  const put = (value) => {
    context.change(value);
    show(value, true);
  };
  const add = () => h('div', { class: 'absent', 'data-path': context.path },
    button(`Add ${context.label}`, () => put(context.schemas.blank(withoutNull(context))), { 'data-add': context.path }), errorLine());
  const remove = () => button('Remove', () => put(absent(context)), { 'aria-label': `Remove ${context.label}` });
  show(context.value);
  return place;
}

/** The schema of the value itself, where the declared one would rather be null. */
function withoutNull({ view }) {
  return view.kind === 'union' ? { anyOf: view.variants } : { type: view.kind, ...view.keywords, default: undefined };
}

function objectEditor(context) {
  const { schemas, view, path, depth, change } = context;
  let current = isObject(context.value) ? context.value : {};
  const put = (key, value) => {
    const { [key]: _, ...others } = current;
    current = value === undefined ? others : { ...current, [key]: value };
    change(current);
  };
  // A tag that already says what it must needs no field.
  const isSettled = ({ name, schema }) => schemas.view(schema).kind === 'const' && same(own(current, name), schemas.view(schema).keywords.const);
  const fields = schemas.properties(view).filter((one) => !isSettled(one)).map((one) => editor({
    ...one,
    schemas,
    label: one.name,
    value: own(current, one.name),
    path: step(path, one.name),
    depth: depth + 1,
    change: (value) => put(one.name, value),
  }));
  const entry = entryOf(view.keywords);
  return [fields, entry && entries({ ...context, entry, read: () => current, put })];
}

/** The entries of a map: keys are typed, values have editors. */
function entries({ schemas, view, path, depth, label, entry, read, put }) {
  const named = Object.keys(view.keywords.properties ?? {});
  const place = h('div', { class: 'entries' });
  const row = (key) => h('div', { class: 'item' },
    editor({
      schemas,
      schema: entry.schema,
      label: key,
      value: read()[key],
      path: step(path, key),
      depth: depth + 1,
      required: true,
      change: (value) => put(key, value),
    }),
    button('Remove', () => { put(key, undefined); show(); }, { 'aria-label': `Remove ${key}` }));
  const key = h('input', { 'aria-label': `New key of ${label}`, placeholder: 'key', autocomplete: 'off', spellcheck: 'false' });
  const add = () => {
    if (key.value === '' || Object.hasOwn(read(), key.value)) return key.focus();
    put(key.value, schemas.blank(entry.schema));
    key.value = '';
    show();
    return key.focus();
  };
  const show = () => place.replaceChildren(
    ...Object.keys(read()).filter((one) => !named.includes(one)).map(row),
    h('div', { class: 'adder' }, key, button('Add entry', add)));
  show();
  return place;
}

function arrayEditor(context) {
  const { schemas, view, path, depth, label, change } = context;
  const { items } = view.keywords;
  const tuple = Array.isArray(items);
  let current = Array.isArray(context.value) ? context.value : [];
  const put = (next) => {
    current = next;
    change(current);
  };
  const place = h('div', { class: 'items' });
  const item = (value, index) => h('div', { class: 'item' },
    editor({
      schemas,
      schema: tuple ? items[index] : items,
      label: `${label} ${index + 1}`,
      value,
      path: step(path, index),
      depth: depth + 1,
      required: true,
      change: (next) => put(current.with(index, next ?? null)),
    }),
    !tuple && button('Remove', () => { put(current.toSpliced(index, 1)); show(); adder.focus(); }, { 'aria-label': `Remove ${label} ${index + 1}` }));
  const adder = button('Add item', () => {
    put([...current, schemas.blank(items)]);
    show();
    place.querySelector(':scope > .item:last-of-type')?.querySelector('input, select, textarea')?.focus();
  }, { 'data-add': path, 'aria-label': `Add item to ${label}` });
  const show = () => place.replaceChildren(...current.map(item), ...(tuple ? [] : [adder]));
  show();
  return place;
}

function unionEditor(context) {
  const { schemas, view, change, depth, label } = context;
  const { variants } = view;
  const place = h('div');
  const show = (index, value) => {
    const schema = variants[index];
    place.replaceChildren(editor({ ...context, schema, value, label: chooser.options[index].text, depth: depth + 1, required: true, bare: true }));
  };
  const chooser = select(schemas.variantNames(variants).map((name, index) => [String(index), name]), {
    'aria-label': `Kind of ${label}`,
    'data-variant': context.path,
    onchange: () => {
      const value = schemas.blank(variants[Number(chooser.value)]);
      change(value);
      show(Number(chooser.value), value);
    },
  });
  const index = likely(schemas, variants, context.value);
  chooser.value = String(index);
  show(index, context.value);
  return [chooser, place];
}

/** The alternative that a value's tag names, or else the one it comes closest to. */
function likely(schemas, variants, value) {
  const named = variants.findIndex((one) => schemas.isTagged(one, value));
  if (named >= 0) return named;
  const counts = variants.map((one) => validate(schemas, one, value).length);
  return counts.indexOf(Math.min(...counts));
}
