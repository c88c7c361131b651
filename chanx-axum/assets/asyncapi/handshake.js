// The fields that make up a connection: server, path, query, token.

import { h, labelled, select, uniqueId } from './dom.js';
import { isObject } from './json.js';
import { inline } from './markdown.js';
import { socketUrl, thisHost } from './connection.js';
import { schemesOf } from './document.js';
import { sampleOf } from './schema.js';

/** `{element, url(), protocols()}`; `changed` is called after every edit. */
export function handshakeFields(api, channel, changed) {
  const others = api.servers.filter(({ url }) => /^wss?:/.test(url) && url !== thisHost());
  const hosts = [{ name: 'This host', url: thisHost() }, ...others];
  const server = select(hosts.map(({ name, url }) => [url, `${name} (${url})`]), { 'data-role': 'server' });
  const parameters = channel.parameters.map((one) => parameterField(api.schemas, one));
  const schemes = schemesOf(api, channel);
  const query = queryFields(api.schemas, channel, schemes);
  const token = schemes.some(takesToken) && tokenInput();
  const more = h('input', { 'data-role': 'query', placeholder: 'name=value&…', autocomplete: 'off', spellcheck: 'false' });

  const element = h('div', { class: 'fields', oninput: changed, onchange: changed },
    hosts.length > 1 && labelled('Server', server),
    parameters.map(({ field }) => field),
    query.map(({ field }) => field),
    token && labelled('Bearer token', token, 'Offered as the subprotocol “bearer”, since browsers cannot set headers.'),
    schemes.map(unavailable),
    labelled('More query', more));

  return {
    element,
    url: () => socketUrl(server.value, channel.address,
      new Map(parameters.map(({ name, input }) => [name, input.value])),
      query.map(({ name, input }) => [name, input.value]),
      more.value),
    protocols: () => (token && token.value.trim() ? ['bearer', token.value.trim()] : []),
  };
}

function parameterField(schemas, parameter) {
  const { name, description } = parameter;
  const choices = Array.isArray(parameter.enum) ? parameter.enum : undefined;
  const { input, list } = choices
    ? { input: select(choices.map((one) => [one, one]), { 'data-parameter': name }) }
    : suggesting(parameter.examples, { 'data-parameter': name, required: true, placeholder: sampleOf(parameter.schema) });
  if (typeof parameter.default === 'string') input.value = parameter.default;
  return { name, input, field: [labelled(named(name, 'path', schemas.label(parameter.schema)), input, hintOf(description)), list] };
}

/** The declared query, and the API keys that travel there. */
function queryFields(schemas, channel, schemes) {
  const declared = isObject(channel.query) ? schemas.properties(schemas.view(channel.query)) : [];
  const keys = schemes
    .filter((one) => one.type === 'httpApiKey' && one.in === 'query' && typeof one.name === 'string')
    .filter((one) => !declared.some(({ name }) => name === one.name))
    .map((one) => ({ name: one.name, schema: { description: one.description } }));
  return [...declared, ...keys].map(({ name, schema, required }) => {
    const { keywords } = schemas.view(schema);
    const { input, list } = suggesting(keywords.enum ?? keywords.examples, { 'data-query': name, required, placeholder: sampleOf(keywords) });
    if (keywords.default !== undefined) input.value = String(keywords.default);
    return { name, input, field: [labelled(named(name, 'query', schemas.label(schema)), input, hintOf(keywords.description)), list] };
  });
}

function named(name, where, type) {
  return [h('span', {}, name), h('span', { class: 'muted small' }, `${where}, ${type}`)];
}

/** A text field that suggests values. */
function suggesting(values, attributes) {
  const known = Array.isArray(values) ? values.map(String) : [];
  const list = known.length > 0 && h('datalist', { id: uniqueId() }, known.map((value) => h('option', { value })));
  const input = h('input', { placeholder: known[0], ...attributes, list: list && list.id, autocomplete: 'off', spellcheck: 'false' });
  return { input, list };
}

function tokenInput() {
  return h('input', { 'data-role': 'token', autocomplete: 'off', spellcheck: 'false' });
}

function takesToken(scheme) {
  return (scheme.type === 'http' && /^bearer$/i.test(scheme.scheme)) || scheme.type === 'oauth2' || scheme.type === 'openIdConnect';
}

/** Credentials that a page cannot send by itself. */
function unavailable({ type, name, in: where }) {
  if (type !== 'httpApiKey' || where === 'query') return undefined;
  const cookie = `The cookie “${name}” goes along if this site has set it.`;
  return h('p', { class: 'hint' }, where === 'cookie' ? cookie : `The header “${name}” cannot be set by a browser.`);
}

function hintOf(description) {
  return typeof description === 'string' ? inline(description.split('\n', 1)[0]) : undefined;
}
