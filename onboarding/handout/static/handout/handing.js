// The way of one card to one student: scan, look once, press, and feel that it is done.
import * as feel from "./feel.js";
import { isHandle, masked, read } from "./numbers.js";
import { UNDO_MS, canUndo, find, group, groups, record, refused, state } from "./roster.js";
import { watch } from "./scanner.js";
import { flush } from "./sending.js";
import { acts, go, rename } from "./stage.js";
import { tiles } from "./tiles.js";
import { button, euros, say } from "./words.js";

// Beyond it a name pushes the card's number off a phone's screen.
const LONG = 40;
const home = () => go("group");
const rules = () => state.roster.rules;
const here = () => group(state.group);

// What somebody scanned or typed: a card, or a student's code.
export function take(text, { student = "", card = null } = {}) {
  feel.seen();
  if (isHandle(text)) return withStudent(text.trim().toUpperCase(), card);
  const { refused, number, doubtful } = read(text, rules());
  if (refused) return stop(refused, { prefix: rules().prefix, lengths: rules().lengths.join(` ${say("or")} `) }, { student });
  return withCard({ number, doubtful }, student);
}

export function withStudent(handle, card = null) {
  const found = find(handle);
  if (!found) return stop("stop_not_here", {}, { card });
  const { member, number } = found;
  if (number !== state.group) return stop("stop_other_group", { name: member.name, number }, { student: handle, other: number });
  return next(member.handle, card);
}

// Says why somebody gets no card now; gives whether there was a reason.
function refuses(member) {
  const { name, card, handle, route } = member;
  if (handle === state.me) return stop("stop_own", {}, { student: handle });
  if (card) return stop("stop_already", { name, card }, { student: handle, look: true });
  if (route === "library") return stop("stop_library", { name }, { student: handle, more: state.roster.elsewhere });
  return false;
}

function withCard(card, student) {
  const { number } = card;
  const { members, out, aside, box } = here();
  const holder = out.get(number) ?? members.find((one) => one.card === masked(number));
  if (holder) return stop("stop_card_given", { name: holder.name }, { student, number });
  if (aside.has(number)) return stop("stop_defective", { card: masked(number) }, { student, number });
  // More likely a slip of the finger than a card of another box.
  if (box && !box.includes(number) && card.doubtful) return stop("stop_check", {}, { student });
  if (box && !box.includes(number)) return stop("stop_not_in_box", { card: masked(number), number: state.group }, { student, number });
  return next(student, card);
}

function next(student, card) {
  // Whichever came first, the card, the code or the name: nobody goes past the reasons.
  if (student && refuses(member(student))) return true;
  return student && card ? go("confirm", { student, card }) : go("scan", { student, card });
}

function stop(word, values, ways) {
  go("stop", { word, values, ...ways });
  feel.bad(say(word, values));
  return true;
}

const member = (handle) => here().members.find((one) => one.handle === handle);

// --- Screens ----------------------------------------------------------------------

export function scan(slot, { student = "", card = null, defective = false }) {
  const name = student && member(student).name;
  slot("for").textContent = words();
  const heard = defective ? putAside : (text) => take(text, { student, card });
  const form = slot("form");
  form.hidden = Boolean(card);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = form.elements.typed.value.trim();
    if (typed) heard(typed);
  });
  const list = card ? chooser(slot, (one) => withStudent(one.handle, card)) : null;
  // What still lies before the camera is not taken for what comes next.
  const next = (text) => { if (!(card && !isHandle(text)) && !(student && isHandle(text))) heard(text); };
  const seeing = camera(slot, next);
  return {
    hear: heard,
    back: home,
    leave: seeing.stop,
    renew: list?.draw,
    acts: card ? [toCoordinator({ number: card.number })] : [],
  };

  function words() {
    if (defective) return say("scan_defective");
    if (card) return say("scan_who", { card: masked(card.number) });
    return name ? say("scan_card", { name }) : say("scan_any");
  }
}

function putAside(text) {
  const { refused, number } = read(text, rules());
  if (refused) return stop(refused, { prefix: rules().prefix, lengths: rules().lengths.join(` ${say("or")} `) }, {});
  return go("defective", { number });
}

function chooser(slot, chosen) {
  slot("who").hidden = false;
  slot("view").classList.add("view--small");
  const field = slot("find");
  const list = tiles(slot("grid"), {
    members: () => here().members.filter((one) => !one.card),
    typed: () => field.value,
    chosen,
  });
  field.addEventListener("input", list.draw);
  list.draw();
  return list;
}

function camera(slot, heard) {
  let seeing = null;
  let left = false;
  const torch = slot("torch");
  const line = slot("camera");
  watch(slot("video"), heard).then((begun) => {
    if (left) { begun.stop(); return; }
    seeing = begun;
    line.textContent = say("camera_on");
    if (!begun.torch) return;
    torch.hidden = false;
    torch.addEventListener("click", () => {
      const on = torch.getAttribute("aria-pressed") !== "true";
      begun.torch(on).then(() => torch.setAttribute("aria-pressed", String(on)), () => { torch.hidden = true; });
    });
  }, () => { line.textContent = say("camera_none"); });
  return { stop() { left = true; seeing?.stop(); } };
}

export function confirm(slot, { student, card }) {
  const { name, mark = "", deposit } = member(student);
  const cents = state.roster.deposit_cents;
  const due = cents && !["paid", "waived"].includes(deposit);
  const till = due && state.roster.cash && state.till && !state.till.counted;
  slot("name").textContent = name;
  slot("name").classList.toggle("huge--long", name.length > LONG);
  slot("mark").textContent = mark;
  slot("card").textContent = card.number;
  slot("doubt").hidden = !card.doubtful;
  const amount = euros(cents);
  const word = till ? "deposit_choose" : "deposit_open";
  slot("deposit").textContent = due ? say(word, { amount }) : deposit === "none" ? say("none") : say(`deposit_is_${deposit}`);
  if (due && !till) slot("deposit-more").textContent = say(state.roster.cash ? "deposit_float" : "deposit_later");
  let pressed = false;
  const give = (how) => () => {
    if (pressed) return;
    pressed = true;
    handOut({ student, card, how });
  };
  const ways = till
    ? [button("hand_out_paid", give("paid"), { values: { amount } }), button("hand_out_open", give("open"), { kind: "push--quiet" })]
    : [button("hand_out", give("open"))];
  return { back: () => go("scan", { student }), acts: [...ways, button("not_right", () => go("scan", { student }), { kind: "push--quiet" })] };
}

async function handOut({ student, card, how }) {
  const { name } = member(student);
  const till = how === "paid" ? { shift: state.till.shift, cents: state.roster.deposit_cents } : {};
  await finish("hand_out", { handle: student, number: card.number, deposit: how, ...till }, { name, card: masked(card.number) });
}

// Saves an act, shows it as done, and sends it.
export async function finish(kind, body, { name = "", card = "" } = {}) {
  const act = await record(kind, { group: state.group, ...body });
  const { receipt, shift } = act.body;
  go("done", { id: act.id, kind, name, card, more: receipt ? say("receipt", { number: printed(shift, receipt) }) : "" });
  feel.good([say(`done_${kind}`), name, card, say("saved_here")].filter(Boolean).join(", "));
  flush();
}

// A receipt's number as the portal prints it, too.
function printed(shift, receipt) {
  return `T${shift.slice(0, 8).toUpperCase()}-${String(receipt).padStart(5, "0")}`;
}

export function done(slot, { id, kind, name, card, more }) {
  const act = () => state.acts.find((one) => one.id === id);
  slot("what").textContent = say(`done_${kind}`);
  slot("name").textContent = name;
  slot("name").classList.toggle("huge--long", name.length > LONG);
  slot("card").textContent = card;
  slot("more").textContent = more;
  const [box, mark, line, why] = [slot("flash"), slot("mark"), slot("state"), slot("more")];
  let told = false;
  const renew = () => {
    const { state: now, answer } = act();
    line.textContent = say(now === "waiting" ? "saved_here" : now);
    if (told || !refused(act())) return;
    told = true;
    rename("not_done");
    box.classList.add("flash--stop");
    mark.textContent = "!";
    why.textContent = answer?.sentence ?? "";
    feel.bad([say("not_done"), answer?.sentence].filter(Boolean).join(". "));
  };
  renew();
  const ways = () => [
    button("next", () => go("scan")),
    canUndo(act()) && button("undo", () => go("sure", undoing(act(), name)), { kind: "push--quiet" }),
  ];
  const late = setTimeout(() => acts(...ways()), UNDO_MS);
  return { back: home, hear: (text) => take(text), renew, leave: () => clearTimeout(late), acts: ways().filter(Boolean) };
}

export function undoing(act, name) {
  return { word: "undo_sure", values: { name }, press: "undo", yes: () => finish("undo", { of: act.id }, { name }) };
}

export function sure(slot, { word, values, press, yes, facts = [], back = home }) {
  slot("what").textContent = say(word, values);
  for (const [key, value] of facts) {
    const row = document.createElement("div");
    row.append(Object.assign(document.createElement("dt"), { textContent: key }), Object.assign(document.createElement("dd"), { textContent: value, className: "huge digits" }));
    slot("facts").append(row);
  }
  let pressed = false;
  const once = () => { if (!pressed) { pressed = true; yes(); } };
  return { back, acts: [button(press, once), button("not_right", back, { kind: "push--quiet" })] };
}

export function stopped(slot, { word, values, student = "", number = "", card = null, look, other, more = "" }) {
  slot("what").textContent = say(word, values);
  slot("more").textContent = more;
  const about = { handle: student, number: number || card?.number || "" };
  const ways = [button("scan_again", () => go("scan", { student: look || other ? "" : student, card }))];
  if (look) ways.push(button("look_at", () => go("person", { handle: student }), { kind: "push--quiet", values: { name: member(student).name } }));
  if (other) ways.push(button("go_group", () => { state.group = other; go("person", { handle: student }); }, { kind: "push--quiet", values: { number: other } }));
  ways.push(toCoordinator(about));
  return { back: home, hear: (text) => take(text), acts: ways };
}

export function toCoordinator({ handle = "", number = "" }) {
  return button("to_coordinator", () => go("coordinator", { handle, number }), { kind: "push--quiet" });
}

export function defective(slot, { number }) {
  slot("card").textContent = number;
  return { back: home, acts: [button("put_aside", () => finish("defective", { number, reason: "defective" }, { card: masked(number) })), button("not_right", home, { kind: "push--quiet" })] };
}

export function coordinator(slot, { handle, number }) {
  const name = handle && find(handle)?.member.name;
  const card = number ? masked(number) : "";
  slot("for").textContent = [name ? say("for_student", { name }) : say("for_nobody"), card && say("for_card", { card })].filter(Boolean).join(" ");
  const form = slot("form");
  form.elements.why[0].checked = true;
  const sent = () => {
    const why = [...form.elements.why].find((one) => one.checked).value;
    finish("to_coordinator", { why, note: form.elements.note.value.trim(), ...(handle && { handle }), ...(number && { number }) }, { name: name ?? "", card });
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); sent(); });
  return { back: home, acts: [button("to_coordinator", sent)] };
}

export const manyGroups = () => groups().length > 1;
