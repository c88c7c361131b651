// A schema as a table: a row for each field, its own fields indented below it.
//
// Rows open on demand, so a type that contains itself can be followed for as
// long as the reader likes, and a large one costs nothing until it is asked for.

import { h } from './dom.js';
import { write } from './json.js';
import { markdown } from './markdown.js';

/** Rows that a table opens by itself, and how deep. */
const ROWS = 40;
const DEPTH = 2;

/** A table of what `Schemas.children` lists. */
export function schemaTable(schemas, children, caption) {
  const body = h('tbody', { role: 'rowgroup' });
  const table = { schemas, body, count: 0 };
  addRows(table, children, { depth: 0, within: [] });
  // On phones the rows are drawn as blocks, which would take their meaning
  // from screen readers; hence the roles.
  return h('table', { role: 'table', class: 'schema' },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
      ['Field', 'Type', 'Description'].map((title) => h('th', { role: 'columnheader', scope: 'col' }, title)))),
    body);
}

/** What a table of a message's body lists: an object's fields, or the value itself. */
export function rootsOf(schemas, schema, name) {
  const whole = schemas.view(schema).kind === 'object' && schemas.children(schema).every((child) => child.role === 'field');
  return whole ? schemas.children(schema) : [{ name, schema, role: 'field', required: true }];
}

function addRows(table, children, place) {
  const rows = children.map((child) => row(table, child, place));
  table.count += rows.length;
  if (place.after) place.after.after(...rows.map(({ element }) => element));
  else table.body.append(...rows.map(({ element }) => element));
  for (const { open, shallow } of rows) {
    if (shallow && table.count < ROWS) open();
  }
}

function row(table, child, { depth, within }) {
  const { schemas } = table;
  const view = schemas.view(child.schema);
  const children = schemas.children(child.schema);
  const element = h('tr', { role: 'row', 'data-field': child.name });
  element.style.setProperty('--depth', depth);

  const below = { depth: depth + 1, within: [...within, view.origin], after: element };
  const { toggle, open } = opener(child, element, depth, () => addRows(table, children, below));
  element.append(
    h('td', { role: 'cell', class: 'name' }, children.length ? toggle : h('code', {}, child.name), marks(child, view)),
    h('td', { role: 'cell', class: 'type' }, type(schemas, child.schema)),
    h('td', { role: 'cell' }, markdown(view.keywords.description), values(view)));

  const again = within.includes(view.origin);
  return { element, open, shallow: children.length > 0 && depth < DEPTH && !again };
}

/** The button on a row that has rows below it. */
function opener(child, element, depth, add) {
  const open = () => {
    toggle.setAttribute('aria-expanded', 'true');
    add();
  };
  const close = () => {
    toggle.setAttribute('aria-expanded', 'false');
    while (element.nextElementSibling?.style.getPropertyValue('--depth') > depth) element.nextElementSibling.remove();
  };
  const toggle = h('button', {
    type: 'button',
    class: 'opener',
    'aria-expanded': 'false',
    onclick: () => (toggle.getAttribute('aria-expanded') === 'true' ? close() : open()),
  }, h('code', {}, child.name));
  return { toggle, open };
}

function marks(child, view) {
  return [
    child.where && h('span', { class: 'mark' }, child.where),
    child.role === 'variant' && h('span', { class: 'mark' }, 'variant'),
    child.required && h('span', { class: 'mark required' }, 'required'),
    view.keywords.deprecated === true && h('span', { class: 'mark deprecated' }, 'deprecated'),
  ];
}

function type(schemas, schema) {
  return [schemas.label(schema), schemas.constraints(schema).map((one) => h('span', { class: 'rule' }, one))];
}

/** Choices, default and examples. */
function values({ kind, keywords }) {
  const examples = Array.isArray(keywords.examples) ? keywords.examples.slice(0, 4) : [];
  return [
    kind === 'enum' && listOf('one of', keywords.enum),
    keywords.default !== undefined && listOf('default', [keywords.default]),
    examples.length > 0 && listOf('for example', examples),
  ];
}

function listOf(label, all) {
  return h('p', { class: 'values' }, `${label} `, all.map((value) => [h('code', {}, write(value)), ' ']));
}
