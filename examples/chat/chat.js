// The page of the chat, which speaks to the channel by the client that the server makes of it.

import { channels } from "/asyncapi/client.js";

const element = (id) => document.getElementById(id);
const [log, scroller, latest, state, line, send, who] =
  ["log", "scroller", "latest", "state", "line", "send", "who"].map(element);

const room = decodeURIComponent(location.pathname.split("/")[2]);
const LINES_KEPT = 500;
const chat = channels(undefined, { maxDelay: 8_000, heartbeat: 15_000 });

let name = localStorage.getItem("chat.name") ?? "";

// What the server says, by action.

const actions = {
  chat_notification: ({ author, message }, { is_current }) => said(author, message, is_current),
  announcement: ({ message }) => notice("announced", message),
  member_joined: ({ name }) => notice("came", `${name} joined`),
  member_left: ({ name }) => notice("went", `${name} left`),
  error: (why) => notice("refused", why.detail ?? why.map(({ msg }) => msg).join("; ")),
};

// The connection, which comes back by itself.

let connection;

function open() {
  connection?.close();
  const opened = (connection = chat.room({ room }, { query: { name } }));
  for (const [action, hear] of Object.entries(actions)) opened.on(action, hear);
  opened.onStatus(() => changed(opened));
  changed(opened);
}

async function changed(opened) {
  if (opened !== connection) return;
  if (opened.status.state === "open") {
    // The first pong means that the room has let us in.
    const pong = await opened.request("ping");
    if (!pong.ok || opened !== connection) return;
    show("connected", "Connected");
    notice("here", `You are in ${room}`);
  } else if (opened.status.state !== "connecting") {
    const was = state.dataset.state;
    show("lost", "Connection lost, reconnecting…");
    if (was === "connected") notice("refused", "The connection was lost");
  }
}

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
  connection.send("chat", { message });
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

function enter() {
  element("me").textContent = name;
  show("connecting", "Connecting…");
  open();
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
