// What went over the wire, both ways, newest at the bottom.

import { button, h, select } from './dom.js';
import { indented, jsonBlock, own, parse } from './json.js';
import { bytes } from './connection.js';

/** Older frames than these are dropped. */
const KEPT = 500;

const WAYS = { sent: '→', received: '←', error: '←', note: '·', failure: '·' };
const SHOWN = { all: 'All', sent: 'Sent', received: 'Received', error: 'Errors' };

export class Log {
  #resend;
  #waiting = [];

  /** `resend(text)` sends a frame again. */
  constructor(resend) {
    this.#resend = resend;
    this.list = h('ol', { class: 'log', 'data-role': 'log', tabindex: '0', 'aria-label': 'Frames' });
    this.status = h('p', { class: 'unseen', role: 'status', 'data-role': 'log-status' });
    this.count = h('span', { class: 'muted small', 'data-role': 'log-count' });
    this.words = h('input', { type: 'search', 'data-role': 'log-filter', placeholder: 'Filter frames', oninput: () => this.#filter() });
    this.words.setAttribute('aria-label', 'Filter frames');
    this.kind = select(Object.entries(SHOWN), { 'data-role': 'log-kind', 'aria-label': 'Kind of frames', onchange: () => this.#filter() });
    this.element = h('div', { class: 'frames' },
      h('div', { class: 'log-bar' }, this.words, this.kind, button('Clear', () => this.#clear(), { 'data-role': 'clear' })),
      this.list,
      this.count,
      this.status);
    this.#filter();
  }

  sent(text) {
    this.#add({ kind: 'sent', text, size: bytes(text) });
  }

  received(text, size) {
    const isError = own(parse(text).value, 'action') === 'error';
    this.#add({ kind: isError ? 'error' : 'received', text, size });
  }

  /** Something that happened to the connection. */
  note(text, failed) {
    this.#add({ kind: failed ? 'failure' : 'note', text });
  }

  /** Drawn once per painted frame: a busy channel sends thousands in between. */
  #add(entry) {
    if (this.#waiting.length === 0) requestAnimationFrame(() => this.#flush());
    this.#waiting.push({ ...entry, at: new Date() });
    if (this.#waiting.length > KEPT) this.#waiting.shift();
  }

  #flush() {
    if (this.#waiting.length === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    const atEnd = scrollHeight - scrollTop - clientHeight < 40;
    const { kind, text, size } = this.#waiting.at(-1);
    this.list.append(...this.#waiting.map((entry) => this.#item(entry)));
    this.#waiting = [];
    while (this.list.childElementCount > KEPT) this.list.firstElementChild.remove();
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
    this.status.textContent = size === undefined ? text : `${kind} ${nameOf(text)}, ${size} bytes`;
    this.#total();
  }

  #item(entry) {
    const { kind, text, size } = entry;
    const isFrame = size !== undefined;
    const item = h('li', { 'data-kind': kind, 'data-action': isFrame && nameOf(text) }, isFrame ? this.#frame(entry) : note(entry));
    item.searched = text.toLowerCase();
    item.hidden = !this.#fits(item);
    return item;
  }

  #frame({ kind, text, size, at }) {
    const name = nameOf(text);
    const details = h('details', {}, h('summary', {},
      h('span', { class: 'line' }, head(kind, at), h('b', {}, name), topicOf(text), h('span', { class: 'size' }, `${size} B`)),
      h('code', { class: 'preview' }, text.slice(0, 300).replace(/\s+/g, ' '))));
    details.addEventListener('toggle', () => details.append(jsonBlock(parse(text).error ? text : indented(text))), { once: true });

    const copied = button('Copy', () => copy(text, copied), { 'aria-label': `Copy ${name}`, 'data-role': 'copy' });
    const again = kind === 'sent' && button('Resend', () => this.#resend(text), { 'aria-label': `Resend ${name}`, 'data-role': 'resend' });
    return [details, h('div', { class: 'tools' }, copied, again)];
  }

  #fits(item) {
    const { kind } = item.dataset;
    const wanted = this.kind.value === 'all' || kind === this.kind.value || (this.kind.value === 'error' && kind === 'failure')
      || (this.kind.value === 'received' && kind === 'error');
    return wanted && item.searched.includes(this.words.value.trim().toLowerCase());
  }

  #filter() {
    for (const item of this.list.children) item.hidden = !this.#fits(item);
    this.#total();
  }

  #total() {
    const all = this.list.childElementCount;
    const shown = [...this.list.children].filter((item) => !item.hidden).length;
    const most = all === KEPT ? `, the last ${KEPT}` : '';
    this.count.textContent = all === 0 ? 'Nothing sent or received yet.' : `${shown} of ${all} shown${most}`;
  }

  #clear() {
    this.#waiting = [];
    this.list.replaceChildren();
    this.#total();
  }
}

function note({ kind, text, at }) {
  return h('div', { class: 'line' }, head(kind, at), h('span', { class: 'said' }, text));
}

/** What a frame is called by. */
function nameOf(text) {
  const { value, error } = parse(text);
  if (error) return 'not JSON';
  const action = own(value, 'action');
  return typeof action === 'string' ? action : 'no action';
}

/** The topic that a frame names. */
function topicOf(text) {
  const topic = own(parse(text).value, 'topic');
  return typeof topic === 'string' && h('code', { class: 'topic' }, topic);
}

/** The time and the direction; the arrow has words for those who hear it. */
function head(kind, at) {
  const millis = String(at.getMilliseconds()).padStart(3, '0');
  return [
    h('time', { datetime: at.toISOString() }, `${at.toTimeString().slice(0, 8)}.${millis}`),
    h('span', { class: 'way', 'aria-hidden': 'true' }, WAYS[kind]),
    h('span', { class: 'unseen' }, kind),
  ];
}

/** The clipboard is closed to pages without TLS; a selection still works there. */
async function copy(text, from) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h('textarea', { class: 'unseen' });
    area.value = text;
    from.after(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  from.textContent = 'Copied';
  setTimeout(() => { from.textContent = 'Copy'; }, 1200);
}
