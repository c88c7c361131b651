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

  /** `resend(text)` sends a frame again. */
  constructor(resend) {
    this.#resend = resend;
    this.list = h('ol', { class: 'log', 'data-role': 'log', tabindex: '0', 'aria-label': 'Frames' });
    this.status = h('p', { class: 'unseen', role: 'status', 'data-role': 'log-status' });
    this.count = h('span', { class: 'muted small', 'data-role': 'log-count' });
    this.words = h('input', { type: 'search', 'data-role': 'log-filter', placeholder: 'Filter frames', 'aria-label': 'Filter frames', oninput: () => this.#filter() });
    this.kind = select(Object.entries(SHOWN), { 'data-role': 'log-kind', 'aria-label': 'Kind of frames', onchange: () => this.#filter() });
    this.element = h('div', { class: 'frames' },
      h('div', { class: 'log-bar' }, this.words, this.kind, button('Clear', () => this.#clear(), { 'data-role': 'clear' })),
      this.list,
      this.count,
      this.status);
    this.#filter();
  }

  sent(text) {
    this.#frame('sent', text, bytes(text));
  }

  received(text, size) {
    const isError = own(parse(text).value, 'action') === 'error';
    this.#frame(isError ? 'error' : 'received', text, size);
  }

  /** Something that happened to the connection. */
  note(text, failed) {
    this.#add(failed ? 'failure' : 'note', text, h('div', { class: 'line' }, ...head(failed ? 'failure' : 'note'), h('span', { class: 'said' }, text)));
    this.status.textContent = text;
  }

  #frame(kind, text, size) {
    const { value, error } = parse(text);
    const action = own(value, 'action');
    const name = error ? 'not JSON' : typeof action === 'string' ? action : 'no action';
    const details = h('details', {}, h('summary', {},
      h('span', { class: 'line' }, ...head(kind), h('b', {}, name), h('span', { class: 'size' }, `${size} B`)),
      h('code', { class: 'preview' }, text.slice(0, 300).replace(/\s+/g, ' '))));
    details.addEventListener('toggle', () => details.append(jsonBlock(error ? text : indented(text))), { once: true });

    const copied = button('Copy', () => copy(text, copied), { 'aria-label': `Copy ${name}`, 'data-role': 'copy' });
    const again = kind === 'sent' && button('Resend', () => this.#resend(text), { 'aria-label': `Resend ${name}`, 'data-role': 'resend' });
    this.#add(kind, text, [details, h('div', { class: 'tools' }, copied, again)], name);
    this.status.textContent = `${kind} ${name}, ${size} bytes`;
  }

  #add(kind, text, content, action) {
    const item = h('li', { 'data-kind': kind, 'data-action': action }, content);
    item.searched = text.toLowerCase();
    item.hidden = !this.#fits(item);
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    const atEnd = scrollHeight - scrollTop - clientHeight < 40;
    this.list.append(item);
    while (this.list.childElementCount > KEPT) this.list.firstElementChild.remove();
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
    this.#total();
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
    this.list.replaceChildren();
    this.#total();
  }
}

/** The time and the direction; the arrow has words for those who hear it. */
function head(kind) {
  const now = new Date();
  const time = now.toTimeString().slice(0, 8);
  const millis = String(now.getMilliseconds()).padStart(3, '0');
  return [
    h('time', { datetime: now.toISOString() }, `${time}.${millis}`),
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
