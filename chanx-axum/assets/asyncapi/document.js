// The AsyncAPI document, read into what the page draws: channels with their
// messages, and operations that name them.
//
// The document may be any JSON: what is missing or misplaced is left out.

import { isObject, own, parse } from './json.js';
import { Schemas, pointer } from './schema.js';

/** Fetches and reads a document. */
export async function load(url) {
  const response = await fetch(url, { credentials: 'same-origin', headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
  const { value, error } = parse(await response.text());
  if (error) throw new Error(error);
  return read(value);
}

function read(root) {
  const schemas = new Schemas(root);
  const reader = { root, schemas, resolve: (node) => object(schemas.resolve(node)) };
  const channels = entries(root, 'channels').map(([name, node]) => channel(reader, name, reader.resolve(node)));
  for (const one of channels) one.hub = hubOf(channels, one);
  for (const [id, node] of entries(root, 'operations')) addOperation(reader, channels, id, reader.resolve(node));
  for (const one of channels) if (one.hub) referToHub(one);

  const info = object(own(root, 'info'));
  return {
    schemas,
    channels,
    title: text(info.title) ?? 'AsyncAPI',
    version: text(info.version),
    description: text(info.description),
    servers: entries(root, 'servers').map(([name, node]) => server(reader, name, reader.resolve(node))),
  };
}

function server(reader, name, node) {
  return {
    name,
    url: `${text(node.protocol) ?? 'ws'}://${text(node.host) ?? ''}${(text(node.pathname) ?? '').replace(/\/$/, '')}`,
    description: text(node.description),
    security: security(reader, node),
  };
}

function channel(reader, name, node) {
  const ws = object(object(node.bindings).ws);
  const built = {
    name,
    anchor: anchor('channel', name),
    address: text(node.address) ?? '/',
    title: text(node.title) ?? name,
    summary: text(node.summary),
    description: text(node.description),
    tags: tags(reader, node),
    topic: text(object(node['x-topic']).pattern),
    deprecated: isDeprecated(node),
    parameters: entries(node, 'parameters').map(([key, one]) => parameter(reader, key, reader.resolve(one))),
    query: ws.query,
    headers: ws.headers,
    operations: [],
  };
  built.messages = entries(node, 'messages').map(([key, one]) => message(reader, name, key, reader.resolve(one)));
  return built;
}

/** The channel whose connection a topic is subscribed to on. */
function hubOf(channels, { topic, address }) {
  return topic && channels.find((one) => one.topic === undefined && one.address === address);
}

/** What the hub has too, such as its errors, is described there; what is sent from here is here. */
function referToHub(topic) {
  const sent = outgoing(topic);
  for (const message of topic.messages) {
    const same = topic.hub.messages.find((one) => one.node === message.node);
    if (same && !sent.includes(message)) Object.assign(message, { anchor: same.anchor, isElsewhere: true });
  }
}

/** AsyncAPI 3 gives parameters no type; `x-schema` does. */
function parameter(reader, name, node) {
  const { description, examples, enum: choices } = node;
  const said = Object.fromEntries(Object.entries({ description, examples, enum: choices, default: node.default }).filter(([, value]) => value !== undefined));
  return { ...node, name, schema: { type: 'string', ...object(reader.schemas.resolve(node['x-schema'])), ...said } };
}

function message(reader, channelName, key, node) {
  const schema = node.payload;
  const frame = reader.schemas.view(schema);
  const properties = object(frame.keywords.properties);
  const action = reader.schemas.view(properties.action).keywords;
  const constant = text(action.const) ?? text(own(action.enum, 0));
  // Other servers' messages need not be an envelope; then all of it is the body.
  const body = constant === undefined ? schema : properties.payload;
  return {
    node,
    key,
    anchor: anchor('message', channelName, key),
    action: constant ?? text(node.name) ?? key,
    title: text(node.title) ?? frame.keywords.title ?? frame.name ?? key,
    summary: text(node.summary),
    description: text(node.description) ?? text(frame.keywords.description),
    tags: tags(reader, node),
    deprecated: isDeprecated(node) || isDeprecated(frame.keywords) || isDeprecated(reader.schemas.view(body).keywords),
    schema,
    body,
    path: constant === undefined ? '' : '/payload',
    examples: (Array.isArray(node.examples) ? node.examples : []).filter((one) => own(one, 'payload') !== undefined),
  };
}

function addOperation(reader, channels, id, node) {
  const home = channels.find((one) => one.name === referenced(node.channel, 1));
  if (!home) return;
  const find = (reference) => {
    const where = channels.find((one) => one.name === referenced(reference, 1)) ?? home;
    return where.messages.find((one) => one.key === referenced(reference, -1));
  };
  const named = Array.isArray(node.messages) ? node.messages.map(find).filter(Boolean) : home.messages;
  const replies = object(node.reply).messages;
  home.operations.push({
    id,
    anchor: anchor('operation', id),
    // The document speaks as the server: what it receives, the client sends.
    sender: node.action === 'send' ? 'server' : 'client',
    summary: text(node.summary) ?? text(node.title) ?? id,
    description: text(node.description),
    tags: tags(reader, node),
    security: security(reader, node),
    deprecated: isDeprecated(node),
    reasons: (Array.isArray(node['x-reasons']) ? node['x-reasons'] : []).filter(text),
    messages: named,
    replies: Array.isArray(replies) ? replies.map(find).filter(Boolean) : [],
  });
}

/** Operations as the reference shows them: what the client sends, then what the server does. */
export function inOrder(operations) {
  return ['client', 'server'].flatMap((sender) => operations.filter((one) => one.sender === sender));
}

/** The messages a client may send on a channel. */
export function outgoing(channel) {
  const sent = channel.operations.filter((one) => one.sender === 'client').flatMap((one) => one.messages);
  return [...new Set(sent)];
}

/** The security schemes any one of which opens a channel. */
export function schemesOf(api, channel) {
  const all = [...api.servers, ...channel.operations].flatMap((one) => one.security);
  return [...new Map(all.map((scheme) => [JSON.stringify(scheme), scheme])).values()];
}

function security(reader, node) {
  return (Array.isArray(node.security) ? node.security : []).map(reader.resolve).filter((one) => text(one.type));
}

function tags(reader, node) {
  return (Array.isArray(node.tags) ? node.tags : []).map((one) => text(reader.resolve(one).name)).filter(Boolean);
}

/** AsyncAPI 3 has no word for it outside schemas, hence the extension. */
function isDeprecated(node) {
  return node.deprecated === true || node['x-deprecated'] === true;
}

/** A stable fragment for links to this page. */
function anchor(...parts) {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
}

/** One part of what a reference names. */
function referenced(node, index) {
  const reference = own(node, '$ref');
  return typeof reference === 'string' && reference.startsWith('#/') ? pointer(reference).at(index) : undefined;
}

function entries(node, key) {
  return Object.entries(object(own(node, key)));
}

function object(value) {
  return isObject(value) ? value : {};
}

function text(value) {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
