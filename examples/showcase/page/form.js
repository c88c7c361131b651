// A form that makes one payload.

import { element } from "./dom.js";

// `fields` are `{ name, label, value, pattern, options, json, optional }`; `make` turns
// their values into what `submit` is given.
export function form({ label, fields, make, submit }) {
  const inputs = fields.map(input);
  const send = element("button", {}, label);
  const made = element("form", { onsubmit: submitted }, ...inputs, send);

  function submitted(event) {
    event.preventDefault();
    const values = {};
    for (const [index, field] of fields.entries()) {
      const value = read(field, inputs[index]);
      if (value === undefined) return;
      values[field.name] = value;
    }
    submit(make(values));
    for (const [index, field] of fields.entries()) {
      if (field.once) inputs[index].value = "";
    }
  }

  return made;
}

function input({ name, label, value, pattern, options, optional }) {
  if (options) {
    const choices = options.map((option) => element("option", {}, option));
    return element("select", { name, "aria-label": label }, ...choices);
  }
  const attributes = { name, placeholder: label, "aria-label": label, autocomplete: "off" };
  const made = element("input", { ...attributes, required: !optional, value, pattern });
  made.addEventListener("input", () => made.setCustomValidity(""));
  return made;
}

// What a field says; nothing when it is not JSON but should be.
function read({ json }, input) {
  if (!json) return input.value;
  if (!input.value.trim()) return null;
  try {
    return JSON.parse(input.value);
  } catch {
    input.setCustomValidity("This has to be JSON");
    input.reportValidity();
    return undefined;
  }
}
