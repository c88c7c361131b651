// Writes one frame: by form or as JSON, checked before it is sent.
//
// The frame is kept once. The form edits it; the JSON text is written from it
// while the form is shown, and read back into it while the text is.

import { button, h, labelled, select, uniqueId } from './dom.js';
import { form, markErrors } from './form.js';
import { isObject, own, parse, pretty, write } from './json.js';
import { validate } from './validator.js';

/** Keys of a frame that belong to the protocol, not to the message. */
const RESERVED = ['version', 'topic', 'ref', 'seq'];

export class Composer {
  #schemas;
  #messages;
  #send;
  #message;
  #frame;
  #drafts = new Map();
  #mode = 'form';
  #checked = false;

  /** `send(text)` tells whether the frame went out. */
  constructor(schemas, messages, send) {
    this.#schemas = schemas;
    this.#messages = messages;
    this.#send = send;
    this.#build();
    this.compose(messages[0]);
  }

  #build() {
    this.chooser = select(this.#messages.map((one) => [one.key, one.deprecated ? `${one.action} (deprecated)` : one.action]), {
      'data-role': 'message',
      onchange: () => this.compose(this.#messages.find((one) => one.key === this.chooser.value)),
    });
    this.ref = h('input', { 'data-role': 'ref', placeholder: 'optional', autocomplete: 'off', oninput: () => this.#setRef() });
    this.text = h('textarea', { 'data-role': 'json', class: 'code', rows: 8, spellcheck: 'false', oninput: () => this.#readText() });
    this.text.setAttribute('aria-label', 'Frame as JSON');
    this.place = h('div', { 'data-role': 'form' });
    this.errors = h('ul', { class: 'errors', 'data-role': 'errors', role: 'alert' });
    this.anyway = button('Send anyway', () => this.#transmit(), { 'data-role': 'send-anyway', hidden: true });
    const send = h('button', { type: 'submit', class: 'primary', 'data-role': 'send', title: 'Ctrl+Enter' }, 'Send');
    this.element = h('form', { class: 'composer', 'aria-label': 'Compose a message', novalidate: true },
      h('div', { class: 'pair' }, labelled('Message', this.chooser), labelled('ref', this.ref)),
      this.#modes(),
      this.place,
      this.text,
      this.errors,
      h('div', { class: 'actions' }, send, this.anyway));
    this.element.addEventListener('submit', (event) => this.#submit(event));
    this.element.addEventListener('keydown', (event) => this.#shortcut(event));
  }

  #modes() {
    const name = uniqueId();
    const radio = (mode, label) => {
      const input = h('input', { type: 'radio', name, 'data-role': `mode-${mode}`, onchange: () => this.#setMode(mode) });
      input.checked = mode === this.#mode;
      return [input, h('label', {}, input, label)];
    };
    const [asForm, formLabel] = radio('form', 'Form');
    const [asJson, jsonLabel] = radio('json', 'JSON');
    this.radios = { form: asForm, json: asJson };
    return h('fieldset', { class: 'switch' }, h('legend', { class: 'unseen' }, 'Edit as'), formLabel, jsonLabel);
  }

  /** Turns to a message; without a frame, to what was last written for it. */
  compose(message, frame) {
    this.#message = message;
    this.#frame = frame ?? this.#drafts.get(message) ?? this.#blank(message);
    this.#checked = false;
    this.chooser.value = message.key;
    this.#keep();
    this.#draw();
  }

  #blank(message) {
    const [example] = message.examples;
    if (example) return example.payload;
    if (message.path === '') return this.#schemas.blank(message.schema);
    const { required } = this.#schemas.view(message.schema).keywords;
    const needed = Array.isArray(required) && required.includes('payload');
    return { action: message.action, ...(needed ? { payload: this.#schemas.blank(message.body) } : {}) };
  }

  #draw() {
    const isForm = this.#mode === 'form';
    this.place.hidden = !isForm;
    this.text.hidden = isForm;
    this.text.value = pretty(this.#frame);
    this.ref.value = own(this.#frame, 'ref') ?? '';
    if (isForm) this.place.replaceChildren(this.#form());
    this.#showErrors();
  }

  #form() {
    const { body, path, schema } = this.#message;
    const kind = body === undefined ? 'null' : this.#schemas.view(body).kind;
    if (kind === 'null') return h('p', { class: 'muted small' }, 'This message carries no data.');
    if (path === '') return form(this.#schemas, schema, this.#frame, path, (value) => this.#edit(value));
    return form(this.#schemas, body, own(this.#frame, 'payload'), path, (payload) => this.#edit(withKey(this.#frame, 'payload', payload)));
  }

  #edit(frame) {
    this.#frame = frame;
    this.#keep();
    this.text.value = pretty(frame);
    if (this.#checked) this.#showErrors();
  }

  #setRef() {
    if (!isObject(this.#frame)) return;
    this.#edit(withKey(this.#frame, 'ref', this.ref.value || undefined));
  }

  #readText() {
    const { value, error } = parse(this.text.value);
    if (!error) {
      this.#frame = value;
      this.ref.value = own(value, 'ref') ?? '';
      this.#keep();
    }
    if (this.#checked) this.#showErrors();
  }

  /** Back to the form only with text that a form can show. */
  #setMode(mode) {
    if (mode === 'form' && !isObject(parse(this.text.value).value)) {
      this.radios.json.checked = true;
      this.#checked = true;
      this.#showErrors();
      return;
    }
    this.#mode = mode;
    const named = this.#messages.find((one) => one.action === own(this.#frame, 'action'));
    this.compose(named ?? this.#message, this.#frame);
  }

  #keep() {
    this.#drafts.set(this.#message, this.#frame);
  }

  #mistakes() {
    if (this.#mode === 'json') {
      const { value, error } = parse(this.text.value);
      if (error) return [{ path: '', message: `not JSON: ${error}` }];
      if (!isObject(value)) return [{ path: '', message: 'must be an object' }];
    }
    const declared = this.#schemas.view(this.#message.schema).keywords.properties ?? {};
    const strangers = RESERVED.filter((key) => !Object.hasOwn(declared, key));
    const frame = strangers.reduce((rest, key) => withKey(rest, key, undefined), this.#frame);
    return validate(this.#schemas, this.#message.schema, frame);
  }

  #showErrors() {
    const mistakes = this.#checked ? this.#mistakes() : [];
    const isForm = this.#mode === 'form';
    const others = isForm ? markErrors(this.place, mistakes) : mistakes;
    const line = ({ path, message }) => h('li', {}, path && h('code', {}, path.slice(1).replaceAll('/', '.')), ' ', message);
    this.errors.replaceChildren(...others.map(line));
    this.anyway.hidden = mistakes.length === 0;
    return mistakes;
  }

  #submit(event) {
    event.preventDefault();
    this.#checked = true;
    if (this.#showErrors().length === 0) this.#transmit();
    else this.element.querySelector('[aria-invalid]')?.focus();
  }

  /** What is written as JSON is sent as it is written. */
  #transmit() {
    const sent = this.#send(this.#mode === 'json' ? this.text.value : write(this.#frame));
    if (sent) this.#checked = false;
    if (sent) this.#showErrors();
  }

  #shortcut(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event);
  }
}

/** A copy with one key set, or without it. */
function withKey(object, key, value) {
  if (!isObject(object)) return object;
  const { [key]: _, ...others } = object;
  return value === undefined ? others : { ...object, [key]: value };
}
