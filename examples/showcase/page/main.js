// The page: a card per channel, and one for events.

import { Card } from "./card.js";
import { channels } from "./cards.js";
import { poster } from "./poster.js";

const connected = document.getElementById("connected");
const cards = [];

function count() {
  const open = cards.filter((card) => card.connected).length;
  connected.textContent = `${open} of ${channels.length} connected`;
  connected.classList.toggle("all", open === channels.length);
}

for (const channel of channels) cards.push(new Card(channel, count));
document.getElementById("cards").append(...cards.map((card) => card.element), poster());
count();
