// The page of the chat: a plain WebSocket, without any library.

const element = (id) => document.getElementById(id);
const [log, scroller, latest, state, line, send, who] =
  ["log", "scroller", "latest", "state", "line", "send", "who"].map(element);

const room = decodeURIComponent(location.pathname.split("/")[2]);
const LINES_KEPT = 500;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
const PING_EVERY = 15_000;
const PONG_WITHIN = 5_000;

let name = localStorage.getItem("chat.name") ?? "";

// What the server says, by action.

const actions = {
  chat_notification: ({ author, message }, { is_current }) => said(author, message, is_current),
  announcement: ({ message }) => notice("announced", message),
  member_joined: ({ name }) => notice("came", `${name} joined`),
  member_left: ({ name }) => notice("went", `${name} left`),
  pong: () => connection.alive(),
  error: (why) => notice("refused", why.detail ?? why.map(({ msg }) => msg).join("; ")),
};

// The connection: lost ones are opened again, after a wait that doubles.

const connection = {
  socket: null,
  wait: FIRST_WAIT,
  timer: 0,

  open() {
    this.close();
    show("connecting", "Connecting…");
    const url = new URL(`/ws/room/${encodeURIComponent(room)}?${new URLSearchParams({ name })}`, location);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(url));
    socket.onopen = () => this.ping();
    socket.onmessage = ({ data }) => {
      const { action, payload, ...envelope } = JSON.parse(data);
      actions[action]?.(payload, envelope);
    };
    socket.onclose = () => this.lost();
  },

  close() {
    clearTimeout(this.timer);
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  },

  say(action, payload = null) {
    this.socket.send(JSON.stringify({ action, payload }));
  },

  // The first pong means that the room has let us in, each later one that the line still stands.
  ping() {
    this.say("ping");
    this.timer = setTimeout(() => this.lost(), PONG_WITHIN);
  },

  alive() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ping(), PING_EVERY);
    this.wait = FIRST_WAIT;
    if (state.dataset.state === "connected") return;
    show("connected", "Connected");
    notice("here", `You are in ${room}`);
  },

  lost() {
    const was = state.dataset.state;
    this.close();
    const wait = this.wait * (0.75 + Math.random() / 2);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    show("lost", "Connection lost, reconnecting…");
    if (was === "connected") notice("refused", "The connection was lost");
    this.timer = setTimeout(() => this.open(), wait);
  },
};

function show(what, text) {
  state.dataset.state = what;
  state.firstElementChild.textContent = text;
  send.disabled = what !== "connected";
}

// The conversation. Whatever came from others goes through textContent.

function said(author, message, mine) {
  const item = part("li", "said", "");
  const last = log.lastElementChild;
  item.dataset.author = mine ? "" : author;
  item.classList.toggle("mine", mine);
  item.classList.toggle("same", last?.dataset.author === item.dataset.author);
  item.style.setProperty("--hue", hue(author));
  item.append(
    part("span", "by", `${mine ? "You" : author}, ${now()}`),
    part("span", "face", [...author][0].toUpperCase()),
    part("span", "text", message),
  );
  item.querySelector(".face").ariaHidden = "true";
  add(item);
}

function notice(kind, text) {
  add(part("li", kind, text));
}

function part(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

// Follows the conversation, unless the reader has scrolled up.
function add(item) {
  const following = atEnd();
  log.append(item);
  while (log.childElementCount > LINES_KEPT) log.firstElementChild.remove();
  if (following) scroller.scrollTop = scroller.scrollHeight;
  else latest.hidden = false;
}

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
const now = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const hue = (text) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 7);

// The reader.

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const message = line.value.trim();
  if (!message || send.disabled) return;
  connection.say("chat", { message });
  line.value = "";
  line.focus();
});

line.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  line.form.requestSubmit();
});

scroller.addEventListener("scroll", () => {
  if (atEnd()) latest.hidden = true;
});

latest.addEventListener("click", () => {
  scroller.scrollTop = scroller.scrollHeight;
});

element("me").addEventListener("click", ask);

function ask() {
  element("name").value = name;
  element("where").value = room;
  who.showModal();
}

// Without a name there is nobody to let in, so the question stays.
who.addEventListener("close", () => (name ? write() : ask()));

who.querySelector("form").addEventListener("submit", () => {
  const where = element("where").value.trim();
  const before = name;
  name = element("name").value.trim();
  localStorage.setItem("chat.name", name);
  if (where !== room) location.assign(`/room/${encodeURIComponent(where)}`);
  else if (name !== before) enter();
});

window.addEventListener("online", () => {
  if (state.dataset.state === "lost") connection.open();
});

function enter() {
  element("me").textContent = name;
  connection.open();
  write();
}

// On a phone the keyboard would cover the conversation.
function write() {
  if (matchMedia("(pointer: fine)").matches) line.focus();
}

document.title = `${room}, chat`;
element("room").textContent = room;
if (name) enter();
else ask();
