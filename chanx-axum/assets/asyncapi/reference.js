// The reference: a section for each channel, what the client sends in it, what
// the server sends, and the fields of every message.

import { button, h } from './dom.js';
import { jsonBlock, isObject, pretty } from './json.js';
import { markdown } from './markdown.js';
import { rootsOf, schemaTable } from './table.js';

/** A channel's section, around its console. */
export function channelSection(api, channel, console) {
  const context = { api, channel, console, drawn: new Set() };
  const heading = `${channel.anchor}/title`;
  const groups = [
    group(context, 'client', channel.operations),
    group(context, 'server', channel.operations),
    leftOver(context),
  ];
  return h('section', { class: 'channel', id: channel.anchor, tabindex: '-1', 'aria-labelledby': heading, 'data-channel': channel.name },
    h('div', { class: 'about' },
      h('h2', { id: heading }, channel.title, anchorLink(channel.anchor, channel.title)),
      h('p', { class: 'address' }, h('code', {}, address(channel.address)), badge(channel), tagList(channel.tags)),
      channel.topic && h('p', {}, topicOf(channel), h('code', {}, channel.topic)),
      channel.summary && h('p', { class: 'lead' }, channel.summary),
      markdown(channel.description),
      handshake(api, channel)),
    console.element,
    h('div', { class: 'groups' }, groups));
}

function topicOf({ hub }) {
  return hub ? ['A topic of ', h('a', { href: `#${hub.anchor}` }, hub.title), ': '] : 'A topic of this connection: ';
}

/** The address with its parameters set apart. */
function address(text) {
  return text.split(/(\{[^}]*\})/).map((part, index) => (index % 2 ? h('var', {}, part) : part));
}

/** What is decided before the first frame: the path, the query, the headers. */
function handshake({ schemas }, channel) {
  const path = channel.parameters.map((one) => ({ name: one.name, required: true, where: 'path', schema: one.schema }));
  const rows = [...path, ...bound(schemas, channel.query, 'query'), ...bound(schemas, channel.headers, 'header')];
  return rows.length > 0 && [h('h3', {}, 'Handshake'), schemaTable(schemas, rows, `Handshake of ${channel.title}`)];
}

function bound(schemas, schema, where) {
  if (!isObject(schema)) return [];
  return schemas.properties(schemas.view(schema)).map((one) => ({ ...one, where }));
}

function group(context, sender, all) {
  const operations = all.filter((one) => one.sender === sender);
  if (operations.length === 0) return undefined;
  const title = h('h3', { 'data-sender': sender }, sender === 'client' ? 'Client sends' : 'Server sends');
  return h('div', { class: 'group' }, title, operations.map((one) => operationArticle(context, one)));
}

/** Messages that no operation names: shown all the same. */
function leftOver(context) {
  const named = context.channel.operations.flatMap((one) => [...one.messages, ...one.replies]);
  const others = context.channel.messages.filter((one) => !named.includes(one));
  if (others.length === 0) return undefined;
  const articles = others.map((one) => h('article', { class: 'operation' }, messageBlock(context, one)));
  return h('div', { class: 'group' }, h('h3', {}, 'Other messages'), articles);
}

function operationArticle(context, operation) {
  return h('article', { class: 'operation', id: operation.anchor, tabindex: '-1', 'data-operation': operation.id, 'data-sender': operation.sender },
    h('h4', {}, operation.summary, anchorLink(operation.anchor, operation.summary)),
    h('p', { class: 'muted small' }, h('code', {}, operation.id), badge(operation), tagList(operation.tags)),
    markdown(operation.description),
    operation.reasons.length > 0 && h('p', { class: 'small' }, 'May fail with the reason ', alternatives(operation.reasons), '.'),
    operation.messages.map((one) => messageBlock(context, one, operation)),
    operation.replies.length > 0 && [
      h('p', { class: 'muted small answer' }, 'answered with'),
      operation.replies.map((one) => messageBlock(context, one)),
    ]);
}

/** A message where its channel first names it; elsewhere a link to that place. */
function messageBlock(context, message, operation) {
  const isHere = context.channel.messages.includes(message) && !message.isElsewhere;
  if (!isHere || context.drawn.has(message)) {
    return h('p', { class: 'again' }, h('a', { href: `#${message.anchor}` }, h('code', {}, message.action)), ' ', h('span', { class: 'muted' }, message.title));
  }
  context.drawn.add(message);
  const sendable = operation?.sender === 'client';
  const said = message.summary ?? message.description;
  return h('section', { class: 'message', id: message.anchor, tabindex: '-1', 'aria-label': `Message ${message.action}`, 'data-message': message.key },
    h('div', { class: 'message-head' },
      h('h5', {}, h('code', {}, message.action), ' ', h('span', { class: 'muted' }, message.title), badge(message)),
      anchorLink(message.anchor, message.action),
      sendable && button('Try it', () => context.console.compose(message), { class: 'try', 'aria-label': `Try ${message.action}` })),
    said !== operation?.summary && markdown(said),
    fields(context, message),
    examples(context, message, sendable));
}

function fields({ api: { schemas } }, message) {
  if (message.body === undefined || schemas.view(message.body).kind === 'null') return h('p', { class: 'muted small' }, 'Carries no data.');
  const { description } = schemas.view(message.body).keywords;
  const roots = rootsOf(schemas, message.body, 'payload');
  if (roots.length === 0) return h('p', { class: 'muted small' }, 'An object without fields.');
  const isNew = description !== (message.summary ?? message.description) && description !== message.description;
  return [isNew && roots[0].name !== 'payload' && markdown(description), schemaTable(schemas, roots, `Fields of ${message.action}`)];
}

/** The document's examples, or one made from the schema when it is asked for. */
function examples({ api, console }, message, sendable) {
  const given = message.examples.map((one) => ({ title: one.summary ?? one.name ?? 'Example', frame: one.payload }));
  const all = given.length ? given : [{ title: 'Example', frame: undefined }];
  return all.map(({ title, frame }) => {
    const details = h('details', { class: 'example' }, h('summary', {}, String(title)));
    details.addEventListener('toggle', () => {
      const shown = frame ?? exampleOf(api.schemas, message);
      details.append(jsonBlock(pretty(shown)), sendable ? button('Use this example', () => console.compose(message, shown)) : '');
    }, { once: true });
    return details;
  });
}

/** A frame as it would travel. */
function exampleOf(schemas, message) {
  if (message.path === '') return schemas.example(message.schema);
  const empty = message.body === undefined || schemas.view(message.body).kind === 'null';
  return { action: message.action, ...(empty ? {} : { payload: schemas.example(message.body) }) };
}

function anchorLink(anchor, title) {
  return h('a', { class: 'anchor', href: `#${anchor}`, 'aria-label': `Link to ${title}` }, '#');
}

function badge({ deprecated }) {
  return deprecated && h('span', { class: 'tag deprecated' }, 'deprecated');
}

function alternatives(words) {
  return words.map((word, index) => [index > 0 && (index === words.length - 1 ? ' or ' : ', '), h('code', {}, word)]);
}

function tagList(tags) {
  return tags.map((tag) => h('span', { class: 'tag' }, tag));
}
