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

export const teach = (all) => Object.assign(screens, all);
export const current = () => shown.name;

// Shows a screen: {title, acts, hear, back, renew, leave} is what it may give.
export function go(name, given = {}) {
  shown.leave?.();
  const template = document.getElementById(`screen-${name}`);
  const { copy, slot } = piece(`screen-${name}`);
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

function titled(pattern, values = {}) {
  return pattern.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

// Draws what has changed, and leaves what somebody is typing alone.
export const renew = () => shown.renew?.();
export const acts = (...buttons) => foot.replaceChildren(...buttons.filter(Boolean));
export const hear = (text) => shown.hear?.(text);
export const goBack = () => shown.back?.();

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
