// One screen at a time: its title gets the focus, its buttons stand where the thumb is.
import { announce } from "./feel.js";
import { piece, say } from "./words.js";

const screens = {};
const title = document.getElementById("title");
const place = document.getElementById("screen");
const foot = document.getElementById("acts");
const back = document.querySelector("[data-do=back]");
const menu = document.querySelector("[data-do=menu]");
let shown = { name: "" };
// The phone's own way back goes from screen to screen, too, and never out of the app.
let depth = history.state?.depth ?? 0;
let returning = false;
const ROOT = "ready";

export const teach = (all) => Object.assign(screens, all);
export const current = () => shown.name;

// Shows a screen: {title, acts, hear, back, renew, leave} is what it may give.
export function go(name, given = {}) {
  shown.leave?.();
  const template = document.getElementById(`screen-${name}`);
  const { copy, slot } = piece(`screen-${name}`);
  if (shown.name && !returning) history.pushState({ depth: ++depth }, "");
  shown = { name, ...screens[name](slot, given, copy) };
  place.replaceChildren(copy);
  foot.replaceChildren(...(shown.acts ?? []));
  title.textContent = titled(template.dataset.title, shown.title);
  document.title = `${title.textContent} – Leuphana Start`;
  back.hidden = !shown.back;
  menu.hidden = shown.menu === false;
  for (const role of ["status", "alert"]) announce(role, "");
  scrollTo(0, 0);
  title.focus({ preventScroll: true });
  shown.ready?.();
}

// Gives a screen another title: what it said first has turned out otherwise.
export function rename(word) {
  title.textContent = say(word);
  document.title = `${title.textContent} – Leuphana Start`;
}

function titled(pattern, values = {}) {
  return pattern.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

// Draws what has changed, and leaves what somebody is typing alone.
export const renew = () => shown.renew?.();
export const acts = (...buttons) => foot.replaceChildren(...buttons.filter(Boolean));
export const hear = (text) => shown.hear?.(text);

export function goBack() {
  returning = true;
  shown.back?.();
  returning = false;
}

addEventListener("popstate", ({ state }) => {
  const before = depth;
  depth = state?.depth ?? 0;
  if (depth < before && shown.name !== ROOT) goBack();
});

export function sayWrong(field, word, values) {
  let line = document.getElementById(`${field.id}-wrong`);
  if (!line) {
    line = Object.assign(document.createElement("p"), { id: `${field.id}-wrong`, className: "wrong" });
    field.setAttribute("aria-describedby", line.id);
    field.closest(".field").append(line);
  }
  field.setAttribute("aria-invalid", "true");
  line.textContent = say(word, values);
  announce("alert", line.textContent);
  field.focus();
}
