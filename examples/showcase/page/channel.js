// One connection to a channel. A lost one is opened again, after a wait that doubles.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;

export class Channel {
  #socket = null;
  #timer = 0;
  #wait = FIRST_WAIT;

  // `told.state(state)` and `told.message(action, payload)` are called as things happen.
  constructor(told) {
    this.told = told;
  }

  open(path) {
    this.close();
    this.told.state("connecting");
    const url = new URL(path, location);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.#socket = new WebSocket(url));
    socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.told.state("connected");
    };
    socket.onmessage = ({ data }) => {
      const { action, payload } = JSON.parse(data);
      this.told.message(action, payload);
    };
    socket.onclose = () => {
      this.told.state("lost");
      this.#timer = setTimeout(() => this.open(path), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    };
  }

  close() {
    clearTimeout(this.#timer);
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
    this.told.state("closed");
  }

  send(action, payload) {
    this.#socket.send(JSON.stringify({ action, payload }));
  }
}
