// The frame of a console: a summary with its state, and what is below it.

import { h } from './dom.js';

const STATES = { closed: 'disconnected', connecting: 'connecting…', open: 'connected', closing: 'closing…' };

/** Above this width a console stands beside the reference, and open. */
const BESIDE = '(min-width: 1180px)';

export class Panel {
  constructor(title, parts) {
    this.state = h('span', { class: 'state', 'data-role': 'state' });
    this.element = h('details', { class: 'console', 'data-role': 'console', open: matchMedia(BESIDE).matches },
      h('summary', {}, 'Live', h('span', { class: 'unseen' }, ` console of ${title}`), this.state),
      h('div', { class: 'console-body' }, parts));
  }

  /** Shows a connection's state, in words of its own where there are some. */
  show(state, words) {
    this.element.dataset.state = state;
    this.state.dataset.state = state;
    this.state.textContent = words ?? STATES[state];
  }

  /** Brings a message to a composer, and the composer to the reader. */
  bring(composer, message, frame) {
    this.element.open = true;
    composer.compose(message, frame);
    composer.element.scrollIntoView({ block: matchMedia(BESIDE).matches ? 'nearest' : 'start' });
    composer.chooser.focus({ preventScroll: true });
  }
}
