// The portal's own sentences, translated there; and pieces of the page, made there.
const said = new Map(
  [...document.getElementById("words").content.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent]),
);
export const language = document.documentElement.lang;

export function say(word, values = {}) {
  return said.get(word).replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

export const euros = (cents) => new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(cents / 100);
export const clock = (moment) => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);

// Gives a copy of a template, and a way to its slots.
export function piece(name) {
  const copy = document.getElementById(name).content.cloneNode(true);
  const slot = (key) => copy.querySelector(`[data-slot="${key}"]`);
  return { copy, slot };
}

export function element(tag, { text = "", className = "", ...rest } = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, className, ...rest });
}

export function button(word, press, { kind = "", values = {} } = {}) {
  const made = element("button", { type: "button", text: say(word, values), className: `push ${kind}`.trim() });
  made.addEventListener("click", press);
  return made;
}
