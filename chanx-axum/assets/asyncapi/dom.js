// Elements, built one way only: text becomes text nodes and never markup, so
// nothing that stands in the document can become part of the page's code.

/**
 * Builds an element. `on…` attributes are listeners; `null`, `undefined` and
 * `false` are left out, among attributes as among children.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** A button that does something on this page. */
export function button(label, onclick, attributes = {}) {
  return h('button', { type: 'button', onclick, ...attributes }, label);
}

/** A link, if its address is one that cannot run code; otherwise its text alone. */
export function link(address, ...text) {
  const safe = /^(https?:\/\/|mailto:)/i.test(address);
  return safe ? h('a', { href: address, rel: 'noopener noreferrer' }, text) : h('span', {}, text);
}

let lastId = 0;

/** An id for tying a label to its field. */
export function uniqueId() {
  lastId += 1;
  return `field-${lastId}`;
}

/** A labelled input with an optional hint below it. */
export function labelled(label, input, hint) {
  input.id ||= uniqueId();
  const note = hint && h('p', { class: 'hint', id: `${input.id}-hint` }, hint);
  if (note) input.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), input, note);
}

/** A select of `[value, text]` pairs. */
export function select(options, attributes = {}) {
  return h('select', attributes, options.map(([value, text]) => h('option', { value }, text)));
}
