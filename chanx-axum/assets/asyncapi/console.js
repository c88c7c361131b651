// A channel's console: one connection, a composer and a log.

import { h } from './dom.js';
import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { handshakeFields } from './handshake.js';
import { Log } from './log.js';
import { outgoing } from './document.js';

const STATES = { closed: 'disconnected', connecting: 'connecting…', open: 'connected', closing: 'closing…' };

/** Above this width the console stands beside the reference, and open. */
const BESIDE = '(min-width: 1180px)';

export class Console {
  #log;
  #connection;
  #handshake;

  constructor(api, channel) {
    this.#log = new Log((text) => this.#send(text));
    this.#connection = new Connection({
      state: (state) => this.#show(state),
      frame: (text, size) => this.#log.received(text, size),
      note: (text, failed) => this.#note(text, failed),
    });
    this.#handshake = handshakeFields(api, channel, () => this.#showUrl());
    const messages = outgoing(channel);
    this.composer = messages.length > 0 && new Composer(api.schemas, messages, (text) => this.#send(text));
    this.#build(channel);
    this.#show('closed');
  }

  #build(channel) {
    this.state = h('span', { class: 'state', 'data-role': 'state' });
    this.url = h('code', { class: 'url', 'data-role': 'url' });
    this.toggle = h('button', { type: 'submit', 'data-role': 'connect' });
    this.ended = h('p', { class: 'error', role: 'alert', 'data-role': 'ended', hidden: true });
    const connect = h('form', { class: 'connect', 'aria-label': `Connect to ${channel.title}`, onsubmit: (event) => this.#submit(event) },
      this.#handshake.element, h('div', { class: 'dial' }, this.url, this.toggle), this.ended);
    this.element = h('details', { class: 'console', 'data-role': 'console', open: matchMedia(BESIDE).matches },
      h('summary', {}, 'Live', h('span', { class: 'unseen' }, ` console of ${channel.title}`), this.state),
      h('div', { class: 'console-body' }, connect, this.composer && this.composer.element, this.#log.element));
  }

  /** Brings a message to the composer, and the composer to the reader. */
  compose(message, frame) {
    this.element.open = true;
    this.composer.compose(message, frame);
    this.composer.element.scrollIntoView({ block: matchMedia(BESIDE).matches ? 'nearest' : 'start' });
    this.composer.chooser.focus({ preventScroll: true });
  }

  #submit(event) {
    event.preventDefault();
    if (this.#connection.isIdle) this.#connection.open(this.#handshake.url(), this.#handshake.protocols());
    else this.#connection.close();
  }

  /** What went wrong is told where it was set off, too: the log may be out of sight. */
  #note(text, failed) {
    this.#log.note(text, failed);
    if (failed) this.#tell(text);
  }

  #tell(text) {
    this.ended.textContent = text;
    this.ended.hidden = text === '';
  }

  #send(text) {
    if (!this.#connection.isOpen) {
      this.#log.note('Not sent: connect first', true);
      return false;
    }
    this.#connection.send(text);
    this.#log.sent(text);
    return true;
  }

  #show(state) {
    if (state === 'connecting') this.#tell('');
    const isIdle = state === 'closed';
    this.element.dataset.state = state;
    this.state.dataset.state = state;
    this.state.textContent = STATES[state];
    this.toggle.textContent = isIdle ? 'Connect' : 'Disconnect';
    this.toggle.className = isIdle ? 'primary' : '';
    // Once dialled they change nothing; the room is the log's.
    this.#handshake.element.hidden = !isIdle;
    this.#showUrl();
  }

  #showUrl() {
    this.url.textContent = this.#handshake.url();
  }
}
