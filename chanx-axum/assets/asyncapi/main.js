// Draws the page: the document becomes a list, a reference and a console for
// each channel.

import { h } from './dom.js';
import { load } from './document.js';
import { markdown } from './markdown.js';
import { Console } from './console.js';
import { TopicConsole } from './topic.js';
import { channelSection } from './reference.js';
import { drawNavigation, followAddress, followReading, menuButton } from './navigation.js';
import { search } from './search.js';
import { themeButton } from './theme.js';

/** Milliseconds of building after which the browser may paint. */
const SLICE = 40;

const part = (id) => document.getElementById(id);

async function start() {
  themeButton(part('theme'));
  menuButton(part('menu-button'), part('menu'));
  try {
    await draw(await load(document.querySelector('meta[name="asyncapi-document"]').content));
  } catch (error) {
    part('loading').textContent = `The document could not be shown: ${error.message}`;
    part('content').dataset.state = 'failed';
    throw error;
  }
}

async function draw(api) {
  document.title = api.title;
  part('brand').textContent = api.title;
  part('content').replaceChildren(introduction(api));
  drawNavigation(part('navigation'), api.channels);
  const sections = await drawChannels(api);

  const { reveal } = search(part('search'), part('found'), part('navigation'), sections);
  followReading(part('navigation'), sections);
  followAddress(reveal);
  part('content').dataset.state = 'ready';
  performance.mark('drawn');
}

/** The first channels can be read while the last are still being built. */
async function drawChannels(api) {
  const sections = [];
  const consoles = new Map();
  let since = performance.now();
  for (const channel of api.channels) {
    const section = channelSection(api, channel, consoleOf(api, channel, consoles));
    sections.push(section);
    part('content').append(section);
    if (performance.now() - since < SLICE) continue;
    await new Promise((resume) => setTimeout(resume));
    since = performance.now();
  }
  return sections;
}

/** A channel's console; that of a topic shares the connection of its hub's. */
function consoleOf(api, channel, consoles) {
  const made = () => (channel.hub ? new TopicConsole(api, channel, consoleOf(api, channel.hub, consoles)) : new Console(api, channel));
  if (!consoles.has(channel)) consoles.set(channel, made());
  return consoles.get(channel);
}

function introduction(api) {
  return h('div', { class: 'introduction' },
    h('h1', {}, api.title, api.version && h('span', { class: 'version' }, api.version)),
    markdown(api.description),
    api.servers.length > 0 && h('dl', { class: 'servers' }, api.servers.map((server) => [
      h('dt', {}, server.name),
      h('dd', {}, h('code', {}, server.url), server.description && ` ${server.description}`),
    ])),
    api.channels.length === 0 && h('p', {}, 'The document has no channels.'));
}

start();
