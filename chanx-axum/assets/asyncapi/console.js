// A channel's console: one connection, a composer and a log.

import { h } from './dom.js';
import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { handshakeFields } from './handshake.js';
import { Log } from './log.js';
import { Panel } from './panel.js';
import { outgoing } from './document.js';
import { parse } from './json.js';

export class Console {
  #log;
  #connection;
  #handshake;
  #panel;
  /** The consoles of the channel's topics, which share the connection. */
  #topics = [];

  constructor(api, channel) {
    this.title = channel.title;
    this.anchor = channel.anchor;
    this.#log = new Log((text) => this.#send(text));
    this.#connection = new Connection({
      state: (state) => this.#show(state),
      frame: (text, size) => this.#take(text, size),
      note: (text, failed) => this.#note(text, failed),
    });
    this.#handshake = handshakeFields(api, channel, () => this.#showUrl());
    const messages = outgoing(channel);
    this.composer = messages.length > 0 && new Composer(api.schemas, messages, (text) => this.#send(text));
    this.#build(channel);
    this.#show('closed');
  }

  get element() {
    return this.#panel.element;
  }

  #build(channel) {
    this.url = h('code', { class: 'url', 'data-role': 'url' });
    this.toggle = h('button', { type: 'submit', 'data-role': 'connect' });
    this.ended = h('p', { class: 'error', role: 'alert', 'data-role': 'ended', hidden: true });
    this.form = h('form', { class: 'connect', 'aria-label': `Connect to ${channel.title}`, onsubmit: (event) => this.#submit(event) },
      this.#handshake.element, h('div', { class: 'dial' }, this.url, this.toggle), this.ended);
    this.#panel = new Panel(channel.title, [this.form, this.composer && this.composer.element, this.#log.element]);
  }

  /** Brings a message to the composer, and the composer to the reader. */
  compose(message, frame) {
    this.#panel.bring(this.composer, message, frame);
  }

  // For the consoles of its topics.

  /** Tells a topic's console of the connection from now on. */
  attend(topic) {
    this.#topics.push(topic);
  }

  get isOpen() {
    return this.#connection.isOpen;
  }

  /** Opens the connection; false where its fields have to be filled in first. */
  dial() {
    if (!this.form.checkValidity()) {
      this.element.open = true;
      this.form.reportValidity();
      return false;
    }
    if (this.#connection.isIdle) this.#connection.open(this.#handshake.url(), this.#handshake.protocols());
    return true;
  }

  transmit(text) {
    this.#connection.send(text);
  }

  #submit(event) {
    event.preventDefault();
    if (this.#connection.isIdle) this.dial();
    else this.#connection.close();
  }

  /** What belongs to a topic's console goes there. */
  #take(text, size) {
    const { value } = this.#topics.length > 0 ? parse(text) : {};
    const topic = this.#topics.find((one) => one.takes(value));
    if (topic) topic.received(value, text, size);
    else this.#log.received(text, size);
  }

  /** What went wrong is told where it was set off, too: the log may be out of sight. */
  #note(text, failed) {
    this.#log.note(text, failed);
    if (failed) this.#tell(text);
    for (const topic of this.#topics) topic.note(text, failed);
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
    this.state = state;
    this.#panel.show(state);
    this.toggle.textContent = isIdle ? 'Connect' : 'Disconnect';
    this.toggle.className = isIdle ? 'primary' : '';
    // Once dialled they change nothing; the room is the log's.
    this.#handshake.element.hidden = !isIdle;
    this.#showUrl();
    for (const topic of this.#topics) topic.attend(state);
  }

  #showUrl() {
    this.url.textContent = this.#handshake.url();
  }
}
