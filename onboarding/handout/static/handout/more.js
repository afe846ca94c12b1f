// Everything that is not handing out: the menu, the till, counting, signing in and out.
import * as feel from "./feel.js";
import { finish, manyGroups } from "./handing.js";
import { opensIn } from "./register.js";
import { forget, groups, state, waiting } from "./roster.js";
import { contact, csrf } from "./sending.js";
import { go, sayWrong } from "./stage.js";
import { drop, set } from "./store.js";
import { button, element, euros, language, say } from "./words.js";

const home = () => go(state.roster && state.group ? "group" : "ready");
const OTHER = { de: "en", en: "de" };

export function menu(slot) {
  const quiet = { kind: "push--quiet" };
  const inGroup = state.roster && state.group;
  const ways = [
    inGroup && button("count_box", () => go("count"), quiet),
    inGroup && button("defective", () => go("scan", { defective: true }), quiet),
    state.roster && button("cash", () => go("cash"), quiet),
    button("sent_list", () => go("sent"), quiet),
    button("ready_check", () => go("ready"), quiet),
    manyGroups() && button("other_group", () => go("groups"), quiet),
    button(feel.isMuted() ? "sound_off" : "sound_on", () => feel.mute(!feel.isMuted()).then(() => go("menu")), quiet),
    Object.assign(button("language", speakOther, quiet), { lang: OTHER[language] }),
    button("sign_out", () => go("sign-out"), quiet),
  ];
  for (const one of ways.filter(Boolean)) {
    const item = element("li");
    item.append(one);
    slot("ways").append(item);
  }
  slot("version").textContent = say("version", { version: document.body.dataset.version });
  return { back: home };
}

async function speakOther() {
  await opensIn(OTHER[language]);
  location.assign(`/handout/${OTHER[language]}/`);
}

// --- Counting ------------------------------------------------------------------------

export function count(slot) {
  slot("for").textContent = say("count_for", { number: state.group });
  const form = slot("form");
  const save = (event) => {
    event?.preventDefault();
    const typed = form.elements.counted.value.trim();
    if (!/^\d{1,4}$/.test(typed)) return sayWrong(form.elements.counted, "count_wrong");
    return finish("box_count", { counted: Number(typed) });
  };
  form.addEventListener("submit", save);
  return { back: home, acts: [button("save", save)] };
}

export function cash(slot) {
  const form = slot("form");
  const { till } = state;
  const begin = !till;
  form.hidden = !state.roster?.cash || Boolean(till?.counted);
  slot("what").textContent = say(words(till));
  slot("label").textContent = say(begin ? "cash_float" : "cash_counted");
  if (till) slot("more").textContent = tillWords(till);
  const save = (event) => {
    event?.preventDefault();
    const cents = read(form.elements.money.value);
    if (cents === null) return sayWrong(form.elements.money, "money_wrong");
    // What is counted stands: a slip of the finger would be a difference for good.
    return go("sure", {
      word: "money_sure",
      facts: [[say(begin ? "cash_float" : "cash_counted"), euros(cents)]],
      press: "save",
      yes: () => (begin ? openTill(cents) : countTill(cents)),
      back: () => go("cash"),
    });
  };
  form.addEventListener("submit", save);
  return { back: home, acts: form.hidden ? [] : [button("save", save)] };
}

function words(till) {
  if (till?.counted) return "cash_over";
  if (till) return "cash_end";
  return state.roster?.cash ? "cash_begin" : "cash_off";
}

function tillWords({ receipts, counted, difference }) {
  const told = [say("cash_receipts", { n: receipts })];
  if (counted && difference !== undefined) told.push(say("cash_difference", { amount: euros(difference) }));
  return told.join(" ");
}

// Amounts as people type them: 20, 20,00 or 20.00.
function read(typed) {
  const found = /^(\d{1,5})(?:[.,](\d{2}))?$/.exec(typed.replace(/[\s€]/g, ""));
  return found ? Number(found[1]) * 100 + Number(found[2] ?? 0) : null;
}

async function openTill(cents) {
  const till = { shift: crypto.randomUUID(), receipts: 0, counted: false };
  await set("till", till);
  await finish("open_shift", { shift: till.shift, float_cents: cents });
}

async function countTill(cents) {
  await set("till", { ...state.till, counted: true });
  await finish("count_shift", { shift: state.till.shift, counted_cents: cents });
}

// --- Signing in and out ----------------------------------------------------------------

export function signIn(slot) {
  const n = waiting().length;
  slot("waiting").textContent = state.wrongAccount ? say("wrong_account") : n ? say("sum_sign_in", { n }) : "";
  slot("link").href = `/sign-in/?next=/handout/${language}/`;
  return { back: groups().length ? home : null, menu: groups().length > 0 };
}

export function signOut(slot) {
  const n = waiting().length;
  slot("what").textContent = [say("sign_out_sure"), n && say("sign_out_waits", { n })].filter(Boolean).join(" ");
  const form = slot("form");
  const leave = async () => {
    await contact();
    await forget();
    await drop("group");
    // Without a network the list is gone at least; the session ends by itself.
    if (!csrf()) { go("sign-in"); return; }
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken", value: csrf() }));
    form.submit();
  };
  return { back: home, acts: [button("sign_out", leave)] };
}
