// A card that posts events over HTTP, as a script or another service would.

import { inWords } from "./card.js";
import { events } from "./cards.js";
import { Log, element } from "./dom.js";
import { form } from "./form.js";

export function poster() {
  const log = new Log("Answers to events");
  const fields = [
    { name: "to", label: "Channel and event", options: choices() },
    { name: "words", label: "Say something to everyone", once: true },
  ];
  return element(
    "section",
    { class: "card", id: "events", "aria-label": "Events" },
    element("header", {}, element("h2", {}, "Events")),
    element("p", { class: "about" }, "Told over HTTP, handled by the consumer of every connection."),
    element("p", { class: "line" }, element("code", { class: "path" }, "POST /events/{channel}")),
    log.list,
    element("fieldset", {}, form({ label: "Post", fields, make: (values) => values, submit: (values) => post(values, log) })),
  );
}

function choices() {
  const of = ([channel, actions]) => Object.keys(actions).map((action) => `${channel} / ${action}`);
  return Object.entries(events).flatMap(of);
}

async function post({ to, words }, log) {
  const [channel, action] = to.split(" / ");
  const payload = events[channel][action](words);
  log.add("sent", action, words, `to ${channel}`);
  try {
    const response = await fetch(`/events/${channel}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ event: { action, payload } }),
    });
    if (response.ok) log.add("received", String(response.status), "taken");
    else log.add("wrong", String(response.status), ...inWords((await response.json()).detail));
  } catch {
    log.add("wrong", "lost", "the server cannot be reached");
  }
}
