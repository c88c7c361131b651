// One live socket and where it goes. Knows nothing of the page.

const CLOSE_CODES = {
  1000: 'done',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no code given',
  1006: 'lost',
  1007: 'text that is not UTF-8',
  1008: 'against the server’s policy',
  1009: 'message too big',
  1011: 'the server failed',
  1013: 'try again later',
};

/** All that a browser lets a page know of a handshake that went wrong. */
const REFUSED = 'Not connected: the server refused the handshake or cannot be reached. Browsers do not tell pages why; the server’s log does.';

/** Closes that somebody wanted. */
const ORDERLY = [1000, 1001, 1005];

/** What a close code means; 4000 and above may carry an HTTP status. */
function closeMeaning(code) {
  if (code >= 4400 && code < 4600) return `HTTP ${code - 4000}`;
  return CLOSE_CODES[code] ?? '';
}

/** The length of a text frame on the wire. */
export function bytes(text) {
  return new TextEncoder().encode(text).length;
}

/** This page's own host, as a WebSocket address. */
export function thisHost() {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`;
}

/**
 * A channel's URL: parameters fill the address, `query` is `[name, value]`
 * pairs of which the empty ones are left out, `more` is added as it is written.
 */
export function socketUrl(host, address, parameters, query, more) {
  const path = address.replace(/\{(\*?)([^}]*)\}/g, (whole, rest, name) => {
    const value = parameters.get(name) ?? parameters.get(rest + name) ?? '';
    return rest ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
  const pairs = query.filter(([, value]) => value !== '').map((pair) => pair.map(encodeURIComponent).join('='));
  const search = [...pairs, more.trim().replace(/^[?&]+/, '')].filter(Boolean).join('&');
  return host + path + (search && `?${search}`);
}

/**
 * A socket that can be opened again and again.
 *
 * Listeners: `state(name)` with connecting, open, closing or closed,
 * `frame(text, size)` for what arrives, and `note(text, failed)` for the rest.
 */
export class Connection {
  #socket;
  #wasOpen = false;
  #listeners;

  constructor(listeners) {
    this.#listeners = listeners;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get isIdle() {
    return this.#socket === undefined;
  }

  open(url, protocols) {
    try {
      this.#socket = new WebSocket(url, protocols);
    } catch (error) {
      this.#listeners.note(`Cannot connect: ${error.message}`, true);
      return;
    }
    const socket = this.#socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#wasOpen = true;
      this.#listeners.note(`Connected${socket.protocol && `, subprotocol ${socket.protocol}`}`, false);
      this.#listeners.state('open');
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#listeners.frame(data, bytes(data));
      else this.#listeners.note(`Received a binary frame of ${data.byteLength} bytes`, false);
    };
    socket.onclose = (event) => this.#closed(event);
    this.#wasOpen = false;
    this.#listeners.state('connecting');
  }

  #closed({ code, reason, wasClean }) {
    this.#socket = undefined;
    const meaning = closeMeaning(code);
    if (code === 1006 && !this.#wasOpen) this.#listeners.note(REFUSED, true);
    else this.#listeners.note(`Closed ${code}${meaning && ` (${meaning})`}${reason && `: ${reason}`}`, !wasClean || !ORDERLY.includes(code));
    this.#listeners.state('closed');
  }

  send(text) {
    this.#socket.send(text);
  }

  close() {
    this.#socket.close(1000);
    this.#listeners.state('closing');
  }
}
