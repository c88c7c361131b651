// A channel as a card: its connection, or a topic's subscription, its forms, and
// what has been said.

import { Log, element } from "./dom.js";
import { form } from "./form.js";

const STATES = {
  connecting: "Connecting…",
  open: "Connected",
  waiting: "Lost, trying again…",
  closed: "Disconnected",
};

// `changed` is called whenever the card's `connected` may have.
export class Card {
  connected = false;
  #connection;

  constructor({ name, title, about, address, connect, forms, room }, changed) {
    this.address = address;
    this.connect = connect;
    this.changed = changed;
    this.log = new Log(`Messages of ${title}`);
    this.state = element("p", { class: "state", role: "status" });
    this.path = element("code", { class: "path" });
    this.toggle = element("button", { class: "plain", onclick: () => this.#toggled() });
    const ping = element("button", { class: "plain", onclick: () => this.#send("ping", null) }, "Ping");
    this.controls = element("fieldset", {}, ...forms.map((each) => this.#form(each)));
    this.ping = ping;
    this.element = element(
      "section",
      { class: "card", id: name, "aria-label": title },
      element("header", {}, element("h2", {}, title), this.state),
      element("p", { class: "about" }, about),
      element("p", { class: "line" }, this.path, ping, this.toggle),
      ...(room ? [this.#room(room)] : []),
      this.log.list,
      this.controls,
    );
    this.open();
  }

  open() {
    if (this.#connection) leave(this.#connection);
    this.path.textContent = decodeURI(this.address());
    const connection = (this.#connection = this.connect());
    connection.onStatus((status) => connection === this.#connection && this.#became(status));
    this.#became(connection.status);
    this.#listen(connection);
  }

  async #listen(connection) {
    for await (const { action, payload } of connection) this.#received(action, payload);
  }

  #toggled() {
    if (this.#connection.status.state === "closed") this.open();
    else leave(this.#connection);
  }

  #form({ label, action, fields, make }) {
    return form({ label, fields, make, submit: (payload) => this.#send(action, payload) });
  }

  // Where the address has a part that is to be chosen.
  #room({ label, choose, value, pattern }) {
    const fields = [{ name: "room", label, value, pattern }];
    const enter = ({ room }) => {
      choose(room);
      this.log.add("note", "room", `You are in ${room}`);
      this.open();
    };
    return form({ label: "Enter", fields, make: (values) => values, submit: enter });
  }

  #became({ state, why }) {
    this.connected = state === "open";
    if (why?.topic && why.reason !== "unsubscribed") this.log.add("wrong", why.reason, why.detail);
    this.state.dataset.state = state;
    this.state.textContent = STATES[state];
    this.controls.disabled = this.ping.disabled = !this.connected;
    this.ping.hidden = this.#connection.topic !== undefined;
    this.toggle.textContent = state === "closed" ? "Connect" : "Disconnect";
    this.changed();
  }

  #send(action, payload) {
    this.#connection.send(action, payload);
    this.log.add("sent", action, ...inWords(payload));
  }

  #received(action, payload) {
    this.log.add(action === "error" ? "wrong" : "received", action, ...inWords(payload));
  }
}

// A subscription is left, and its connection stays for the others.
function leave(connection) {
  if (connection.topic === undefined) connection.close();
  else connection.unsubscribe();
}

// A payload as what it says, and whatever else is in it.
export function inWords(payload) {
  if (payload == null) return [];
  if (typeof payload === "string") return [payload];
  if (Array.isArray(payload)) return [payload.map(inPlace).join("; ")];
  const { message, event, content, detail, body, ...others } = payload;
  const told = Object.entries(others).filter(([, value]) => value != null);
  const rest = told.map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [message ?? event ?? content ?? detail ?? body ?? "", rest.join(", ")];
}

// What is wrong, and where.
function inPlace({ loc, msg }) {
  return loc.length ? `${loc.join(".")}: ${msg}` : msg;
}
