// The list of channels, which of them is being read, and links into the page.

import { h } from './dom.js';
import { inOrder } from './document.js';

/** Fills the list: a channel each, its messages below. */
export function drawNavigation(list, channels) {
  list.replaceChildren(...channels.map((channel) => h('li', { 'data-for': channel.anchor },
    h('a', { href: `#${channel.anchor}`, class: channel.deprecated && 'deprecated' }, channel.title),
    h('ul', {}, listed(channel).map(({ message, sender, title }) => h('li', { 'data-for': message.anchor },
      h('a', { href: `#${message.anchor}`, 'data-sender': sender, title, class: message.deprecated && 'deprecated' }, message.action)))))));
}

/** Each message once, in the order in which the reference has them. */
function listed(channel) {
  const all = new Map();
  const add = (message, sender, title) => {
    const known = all.get(message);
    if (known === undefined) all.set(message, { message, sender, title });
    else if (known.sender !== sender) known.sender = 'both';
  };
  for (const { sender, messages, replies, summary } of inOrder(channel.operations)) {
    for (const message of messages) add(message, sender, summary);
    for (const message of replies) add(message, 'server', message.title);
  }
  for (const message of channel.messages) if (!all.has(message)) add(message, undefined, message.title);
  return [...all.values()].filter(({ message }) => channel.messages.includes(message));
}

/** Marks the channel at the top of the window. */
export function followReading(list, sections) {
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? 'add' : 'delete'](target.id);
    const current = sections.find((section) => seen.has(section.id));
    if (current) mark(list, current.id);
  }, { rootMargin: '-64px 0px -70% 0px' });
  for (const section of sections) observer.observe(section);
}

function mark(list, id) {
  for (const item of list.children) {
    const isCurrent = item.dataset.for === id;
    item.classList.toggle('current', isCurrent);
    if (isCurrent) item.firstElementChild.setAttribute('aria-current', 'true');
    else item.firstElementChild.removeAttribute('aria-current');
  }
}

/**
 * Goes where the address points, now and whenever it changes. The browser does
 * not do it by itself for what was drawn after it looked.
 */
export function followAddress(reveal) {
  const go = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    reveal(target);
    document.querySelector('.targeted')?.classList.remove('targeted');
    target.classList.add('targeted');
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  };
  addEventListener('hashchange', go);
  // The same link again is no change of address.
  addEventListener('click', (event) => {
    if (event.target.closest?.('a')?.hash === location.hash && location.hash) go();
  });
  go();
}

/** On narrow screens the list is behind a button. */
export function menuButton(button, menu) {
  const set = (open) => button.setAttribute('aria-expanded', String(open));
  button.addEventListener('click', () => set(button.getAttribute('aria-expanded') !== 'true'));
  menu.addEventListener('click', (event) => {
    if (event.target.closest('a')) set(false);
  });
}
