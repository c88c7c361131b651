// Elements. Text only ever goes in as text.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Follows its last line, unless the reader has scrolled up.
export class Log {
  static LINES = 200;

  constructor(label) {
    this.list = element("ol", { class: "log", tabindex: 0, role: "log", "aria-label": label });
  }

  add(kind, action, text, rest = "") {
    const { list } = this;
    const following = list.scrollHeight - list.scrollTop - list.clientHeight < 30;
    const parts = [element("code", {}, action)];
    if (text) parts.push(element("span", {}, text));
    if (rest) parts.push(element("small", {}, rest));
    list.append(element("li", { class: kind }, ...parts));
    while (list.childElementCount > Log.LINES) list.firstElementChild.remove();
    if (following) list.scrollTop = list.scrollHeight;
  }
}
