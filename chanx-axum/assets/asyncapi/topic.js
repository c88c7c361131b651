// A topic's console: subscriptions over the connection of its hub, a composer
// for one of them, and a log of all.

import { button, h, labelled, uniqueId } from './dom.js';
import { Composer } from './composer.js';
import { Log } from './log.js';
import { Panel } from './panel.js';
import { outgoing } from './document.js';
import { isObject, own, parse } from './json.js';

const PARAMETER = /\{([^}]*)\}/g;

let lastRef = 0;

export class TopicConsole {
  #hub;
  #topic;
  #log;
  #panel;
  /** The topics that are followed or asked for: each with the `ref` of its last question. */
  #subscriptions = new Map();
  /** The topic that is spoken to. */
  #chosen;

  constructor(api, channel, hub) {
    this.#hub = hub;
    this.#topic = channel.topic;
    this.#log = new Log((text) => this.#send(text));
    const messages = outgoing(channel);
    this.composer = messages.length > 0 && new Composer(api.schemas, messages, (text) => this.#send(text));
    this.#build(channel);
    hub.attend(this);
    this.#draw();
  }

  get element() {
    return this.#panel.element;
  }

  #build(channel) {
    this.parameters = [...this.#topic.matchAll(PARAMETER)].map(([, name]) => ({
      name,
      input: h('input', { 'data-topic-parameter': name, required: true, autocomplete: 'off', spellcheck: 'false' }),
    }));
    this.name = h('code', { class: 'url', 'data-role': 'topic' });
    this.ended = h('p', { class: 'error', role: 'alert', 'data-role': 'ended', hidden: true });
    this.list = h('ul', { class: 'subscriptions', 'data-role': 'subscriptions', 'aria-label': 'Subscriptions' });
    this.radios = uniqueId();
    const over = h('p', { class: 'hint' }, 'Over the connection of ', h('a', { href: `#${this.#hub.anchor}` }, this.#hub.title), ', which is opened where it is not.');
    const form = h('form', {
      class: 'connect',
      'aria-label': `Subscribe to ${channel.title}`,
      oninput: () => this.#showName(),
      onsubmit: (event) => this.#submit(event),
    },
    h('div', { class: 'fields' }, this.parameters.map(({ name, input }) => labelled(name, input)), over),
    h('div', { class: 'dial' }, this.name, h('button', { type: 'submit', class: 'primary', 'data-role': 'subscribe' }, 'Subscribe')),
    this.ended,
    this.list);
    this.#panel = new Panel(channel.title, [form, this.composer && this.composer.element, this.#log.element]);
    this.#showName();
  }

  /** Brings a message to the composer, and the composer to the reader. */
  compose(message, frame) {
    this.#panel.bring(this.composer, message, frame);
  }

  /** The topic that the fields make. */
  #named() {
    const values = new Map(this.parameters.map(({ name, input }) => [name, input.value]));
    return this.#topic.replace(PARAMETER, (whole, name) => values.get(name) || whole);
  }

  #showName() {
    this.name.textContent = this.#named();
  }

  #submit(event) {
    event.preventDefault();
    const topic = this.#named();
    this.#tell('');
    if (this.#subscriptions.has(topic)) return this.#tell(`${topic} is in the list`);
    this.#subscriptions.set(topic, { state: 'waiting' });
    if (this.#hub.isOpen) this.#ask(topic, 'subscribe');
    else if (!this.#hub.dial()) {
      this.#subscriptions.delete(topic);
      this.#tell('The connection has fields to be filled in');
    }
    return this.#draw();
  }

  /** Sends what subscribes or unsubscribes. */
  #ask(topic, action) {
    lastRef += 1;
    const ref = `${action}-${lastRef}`;
    Object.assign(this.#subscriptions.get(topic), { state: `${action.slice(0, -1)}ing`, ref });
    this.#transmit(JSON.stringify({ action, topic, ref }));
  }

  #transmit(text) {
    this.#hub.transmit(text);
    this.#log.sent(text);
  }

  #send(text) {
    if (!this.#hub.isOpen || this.#chosen === undefined) {
      this.#log.note('Not sent: subscribe first', true);
      return false;
    }
    this.#transmit(withTopic(text, this.#chosen));
    return true;
  }

  /** True if a frame is about one of its subscriptions. */
  takes(frame) {
    if (this.#subscriptions.has(own(frame, 'topic'))) return true;
    const ref = own(frame, 'ref');
    return own(frame, 'topic') === undefined && ref !== undefined && [...this.#subscriptions.values()].some((one) => one.ref === ref);
  }

  /** Takes a frame, and what it says of a subscription. */
  received(frame, text, size) {
    this.#log.received(text, size);
    const asked = (one) => one !== undefined && own(frame, 'ref') !== undefined && one.ref === own(frame, 'ref');
    const [topic, subscription] = [...this.#subscriptions].find(([name, one]) => name === own(frame, 'topic') || asked(one));
    const { action, payload } = frame;
    if (action === 'subscribed') subscription.state = 'subscribed';
    else if (action === 'unsubscribed' || (action === 'error' && subscription.state === 'subscribing' && asked(subscription))) {
      this.#subscriptions.delete(topic);
      if (payload !== null) this.#tell(`${topic}: ${reasonOf(payload)}`);
    } else return;
    this.#draw();
  }

  /** Told of every change of the hub's connection. */
  attend(state) {
    if (state === 'open') {
      for (const [topic, { state: its }] of this.#subscriptions) if (its === 'waiting') this.#ask(topic, 'subscribe');
    }
    if (state === 'closed') this.#subscriptions.clear();
    this.#draw();
  }

  /** Told of what happens to the connection. */
  note(text, failed) {
    if (this.#subscriptions.size === 0) return;
    this.#log.note(text, failed);
    if (failed) this.#tell(text);
  }

  #tell(text) {
    this.ended.textContent = text;
    this.ended.hidden = text === '';
  }

  #draw() {
    const names = [...this.#subscriptions.keys()];
    if (!names.includes(this.#chosen)) this.#chosen = names[0];
    this.list.hidden = names.length === 0;
    this.list.replaceChildren(...names.map((topic) => this.#item(topic)));
    const followed = [...this.#subscriptions.values()].filter(({ state }) => state === 'subscribed').length;
    this.#panel.show(this.#hub.state, followed > 0 ? `${followed} subscribed` : undefined);
  }

  #item(topic) {
    const { state } = this.#subscriptions.get(topic);
    const radio = h('input', { type: 'radio', name: this.radios, onchange: () => { this.#chosen = topic; } });
    radio.checked = topic === this.#chosen;
    const leave = button('Unsubscribe', () => this.#leave(topic), { 'aria-label': `Unsubscribe from ${topic}`, 'data-role': 'unsubscribe' });
    return h('li', { 'data-topic': topic, 'data-state': state },
      h('label', { title: 'Messages are sent to this topic' }, radio, h('code', {}, topic)),
      state !== 'subscribed' && h('span', { class: 'muted small' }, `${state}…`),
      leave);
  }

  #leave(topic) {
    if (this.#hub.isOpen) this.#ask(topic, 'unsubscribe');
    else this.#subscriptions.delete(topic);
    this.#draw();
  }
}

/** A frame as it is written, with the topic where it names none. */
function withTopic(text, topic) {
  const { value, error } = parse(text);
  if (error || !isObject(value) || Object.hasOwn(value, 'topic')) return text;
  const comma = Object.keys(value).length > 0 ? ',' : '';
  return `${text.trimEnd().slice(0, -1)}${comma}"topic":${JSON.stringify(topic)}}`;
}

/** What an error or an end says of itself. */
function reasonOf(payload) {
  const words = Array.isArray(payload) ? payload.map((one) => own(one, 'msg')) : [own(payload, 'reason'), own(payload, 'detail')];
  return words.filter((word) => typeof word === 'string' && word !== '').join(', ') || 'it has ended';
}
