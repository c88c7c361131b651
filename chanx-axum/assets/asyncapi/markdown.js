// The little Markdown that descriptions use: paragraphs, lists, fenced code,
// `code`, **strong** and links. Everything else, HTML first of all, stays text.

import { h, link } from './dom.js';

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** Block elements for a description. */
export function markdown(source) {
  if (typeof source !== 'string' || !source.trim()) return [];
  return source
    .split(/(^```[^\n]*\n[\s\S]*?^```[^\n]*$)/m)
    .flatMap((part, index) => (index % 2 ? fence(part) : part.split(/\n\s*\n/).filter((text) => text.trim()).map(block)));
}

/** The parts of one line. */
export function inline(source) {
  const parts = [];
  let end = 0;
  for (const match of source.matchAll(INLINE)) {
    const [whole, code, strong, text, address] = match;
    parts.push(source.slice(end, match.index));
    if (code) parts.push(h('code', {}, code));
    else if (strong) parts.push(h('strong', {}, strong));
    else parts.push(link(address, text));
    end = match.index + whole.length;
  }
  return [...parts, source.slice(end)];
}

function fence(source) {
  return h('pre', { tabindex: '0' }, h('code', {}, source.split('\n').slice(1, -1).join('\n')));
}

function block(source) {
  const text = source.trim();
  const bullet = /^\s*([-*+]|\d+[.)])\s+/;
  if (bullet.test(text)) {
    const items = text.split(/\n(?=\s*(?:[-*+]|\d+[.)])\s+)/);
    return h(/^\d/.test(text) ? 'ol' : 'ul', {}, items.map((item) => h('li', {}, inline(item.replace(bullet, '')))));
  }
  const heading = text.match(/^#{1,6}\s+(.*)$/);
  return h('p', {}, heading ? h('strong', {}, inline(heading[1])) : inline(text));
}
