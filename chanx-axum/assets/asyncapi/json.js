// JSON as people read and write it: every number stays what is written.

import { h } from './dom.js';
import { Literal, isNumber, normal } from './number.js';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

/** Beyond this many characters a frame is shown without colours. */
const COLOURED = 20000;

export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Literal);
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
    return { value: exactly(text, JSON.parse(text)) };
  } catch (error) {
    return { error: error.message };
  }
}

const WORD = /"(?:\\.|[^"\\])*"|-?\d[\d.eE+-]*/g;

/**
 * Stands before a literal where it travels through the browser's own JSON as a
 * string. No text holds it: it is another each time the page is opened.
 */
const MARK = `literal ${Math.random()}${Math.random()} `;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');

/** What a text says, given what the browser makes of it, which rounds. */
function exactly(text, rounded) {
  let kept = 0;
  const marked = text.replace(WORD, (word) => {
    if (word.startsWith('"') || JSON.stringify(Number(word)) === word) return word;
    kept += 1;
    return `"${MARK}${word}"`;
  });
  if (kept === 0) return rounded;
  return JSON.parse(marked, (_, value) => (typeof value === 'string' && value.startsWith(MARK) ? new Literal(value.slice(MARK.length)) : value));
}

/** A value as JSON text, in one line or indented. */
export function write(value, indent) {
  const marked = JSON.stringify(value, (_, inner) => (inner instanceof Literal ? `${MARK}${inner}` : inner), indent);
  return marked?.replace(MARKED, '$1');
}

export function pretty(value) {
  return write(value, 2);
}

/** Whether two values are the same to JSON, to which 1 and 1.0 are. */
export function same(left, right) {
  return plain(left) === plain(right);
}

/** A text that values have in common which are the same. */
export function plain(value) {
  return JSON.stringify(value, (_, inner) => (isNumber(inner) ? `${MARK}${normal(inner)}` : inner));
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
