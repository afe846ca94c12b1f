// The group as tiles that fill.
import { standing } from "./roster.js";
import { piece, say } from "./words.js";

// As somebody types a name on a phone: without accents, any part of it.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss").toLowerCase();

function fits(name, typed) {
  const words = plain(name);
  return plain(typed).split(/\s+/).every((part) => words.includes(part));
}

// Draws members into a list, kept in their places; what has not changed is left alone.
export function tiles(list, { members, typed = () => "", chosen, empty = null }) {
  const draw = () => {
    const shown = members().filter((one) => fits(one.name, typed()));
    if (empty) empty.hidden = shown.length > 0;
    const had = new Map([...list.children].map((one) => [one.dataset.handle, one]));
    list.replaceChildren(...shown.map((one) => had.get(one.handle) ?? made(one, chosen)));
    for (const [place, one] of shown.entries()) fill(list.children[place], one);
  };
  return { draw };
}

function made(member, chosen) {
  const { copy } = piece("piece-tile");
  const item = copy.querySelector("li");
  item.dataset.handle = member.handle;
  item.querySelector("button").addEventListener("click", () => chosen(item.member));
  return item;
}

function fill(item, member) {
  const how = standing(member);
  item.member = member;
  item.querySelector("button").className = `tile tile--${how}`;
  const words = how === "saved" || how === "arrived" ? `${say(`state_${how}`)}, ${member.card}` : say(`state_${how}`);
  for (const [key, text] of [["name", member.name], ["mark", member.mark ?? ""], ["state", words]]) {
    const slot = item.querySelector(`[data-slot="${key}"]`);
    if (slot.textContent !== text) slot.textContent = text;
  }
}
