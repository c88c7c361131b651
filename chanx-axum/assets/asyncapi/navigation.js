// The list of channels, which of them is being read, and links into the page.

import { h } from './dom.js';

/** Fills the list: a channel each, its messages below. */
export function drawNavigation(list, channels) {
  list.replaceChildren(...channels.map((channel) => h('li', { 'data-for': channel.anchor },
    h('a', { href: `#${channel.anchor}` }, channel.title),
    h('ul', {}, channel.operations.map((operation) => h('li', { 'data-for': operation.anchor },
      h('a', { href: `#${operation.anchor}`, 'data-sender': operation.sender, title: operation.summary },
        operation.messages.map((one) => one.action).join(', ') || operation.id)))))));
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
