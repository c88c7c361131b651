// JSON as people read it.

import { h } from './dom.js';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

/** Beyond this many characters a frame is shown without colours. */
const COLOURED = 20000;

export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property; `constructor` and its like are not data. */
export function own(object, key) {
  return object !== null && typeof object === 'object' && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A JSON pointer, one step deeper. */
export function step(path, key) {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function parse(text) {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: error.message };
  }
}

export function pretty(value) {
  return JSON.stringify(value, null, 2);
}

const LAYOUT = /("(?:\\.|[^"\\])*")|([{[])\s*([}\]])?|([}\]])|(,)|(:)|\s+/g;

/** JSON text laid out in lines, as text: numbers beyond 2^53 stay what they are. */
export function indented(text) {
  let depth = 0;
  const newline = () => `\n${'  '.repeat(depth)}`;
  return text.replace(LAYOUT, (whole, string, opening, empty, closing, comma, colon) => {
    if (string || empty) return string || opening + empty;
    if (opening) depth += 1;
    if (closing) depth -= 1;
    if (closing) return newline() + closing;
    if (opening || comma) return (opening || comma) + newline();
    return colon ? ': ' : '';
  });
}

/** A block of JSON text with its strings, keys and words told apart. */
export function jsonBlock(text, attributes = {}) {
  const code = h('code');
  let end = 0;
  for (const match of text.length > COLOURED ? [] : text.matchAll(TOKEN)) {
    code.append(text.slice(end, match.index), ...coloured(match));
    end = match.index + match[0].length;
  }
  code.append(text.slice(end));
  return h('pre', { tabindex: '0', ...attributes }, code);
}

function coloured([token, string, colon]) {
  if (colon) return [h('span', { class: 'json-key' }, string), colon];
  return [h('span', { class: string ? 'json-string' : 'json-word' }, token)];
}
