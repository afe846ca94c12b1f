// Looking: is the phone ready, who is in the group, who is one person, what has arrived.
import { finish, manyGroups, take, toCoordinator, undoing } from "./handing.js";
import { masked } from "./numbers.js";
import { hasNewVersion, isHere, takeOver } from "./register.js";
import { canUndo, find, group, groups, kept, lastHandOut, refused, standing, state, waiting } from "./roster.js";
import { prepare } from "./scanner.js";
import { contact, flush } from "./sending.js";
import { acts, go } from "./stage.js";
import { set } from "./store.js";
import { tiles } from "./tiles.js";
import { button, clock, element, euros, piece, say } from "./words.js";

const home = () => go("group");
const MINUTE = 60_000;

// --- Before the hall fills ----------------------------------------------------------

export function ready(slot) {
  const [verdict, list] = [slot("verdict"), slot("checks")];
  const look = async () => {
    const found = await checks();
    list.replaceChildren(...found.map(line));
    const fine = found.every((one) => one.good || one.mild);
    verdict.textContent = say(fine ? "verdict_ready" : "verdict_not_yet");
    verdict.classList.toggle("verdict--ready", fine);
    const many = manyGroups();
    acts(
      groups().length && button(many ? "to_groups" : "to_group", () => go(many ? "groups" : "group"), { kind: fine ? "" : "push--quiet" }),
      found.some((one) => one.word === "check_camera_ask") && button("allow_camera", allow),
      button("check_again", () => contact().then(look), { kind: "push--quiet" }),
    );
  };
  const allow = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true }).catch(() => null);
    for (const track of stream?.getTracks() ?? []) track.stop();
    await look();
  };
  return { renew: look, ready: look, back: groups().length ? home : null };
}

async function checks() {
  const [here, camera, scanner, keeps] = await Promise.all([isHere(), mayFilm(), prepare(), navigator.storage?.persist?.() ?? false]);
  const off = Math.round(Math.abs(state.skew) / MINUTE);
  return [
    here ? good("check_app") : bad("check_app_no"),
    list(),
    { granted: good("check_camera"), prompt: bad("check_camera_ask") }[camera] ?? mild("check_camera_no"),
    scanner ? good("check_scanner") : mild("check_scanner_no"),
    keeps ? good("check_kept") : mild("check_kept_no"),
    off ? mild("check_clock_no", { minutes: off }) : good("check_clock"),
    waiting().length ? mild("check_sent_no", { n: waiting().length }) : good("check_sent"),
  ];
}

function list() {
  if (!state.roster) return bad("check_list_no");
  if (!groups().length) return bad("check_groups_no");
  return good("check_list", { until: clock(Date.parse(state.roster.expires_at)) });
}

const good = (word, values) => ({ word, values, good: true });
const mild = (word, values) => ({ word, values, mild: true });
const bad = (word, values) => ({ word, values });

async function mayFilm() {
  if (!navigator.mediaDevices?.getUserMedia) return "none";
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some((one) => one.kind === "videoinput")) return "none";
  const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
  return permission?.state ?? "prompt";
}

function line({ word, values, good: fine, mild: so }) {
  const { copy, slot } = piece("piece-check");
  const item = copy.querySelector("li");
  item.classList.add(fine ? "check--good" : so ? "check--heed" : "check--no");
  slot("mark").textContent = fine ? "✓" : so ? "!" : "✗";
  slot("what").textContent = say(word, values);
  return item;
}

// --- The group ------------------------------------------------------------------------

export function choose(slot) {
  for (const { number, meets_at: meets, meeting_point: where } of groups()) {
    const open = async () => {
      state.group = number;
      await set("group", number);
      home();
    };
    const item = element("li");
    item.append(button("group", open, { values: { number }, kind: "push--quiet" }));
    if (meets) item.append(element("p", { className: "quiet", text: say("group_where", { when: clock(Date.parse(meets)), where }) }));
    slot("groups").append(item);
  }
  return { back: () => go("ready") };
}

export function members(slot) {
  const there = () => group(state.group);
  if (!there()) {
    queueMicrotask(() => go("ready"));
    return {};
  }
  const field = slot("find");
  const only = slot("only");
  let missing = false;
  only.textContent = say("only_missing");
  only.addEventListener("click", () => {
    missing = !missing;
    only.textContent = say(missing ? "everybody" : "only_missing");
    grid.draw();
  });
  const grid = tiles(slot("grid"), {
    members: () => there().members.filter((one) => !missing || !one.card),
    typed: () => field.value,
    chosen: ({ handle }) => go("person", { handle }),
    empty: slot("nobody"),
  });
  const [count, rest, bar, news] = ["count", "rest", "bar", "news"].map(slot);
  field.addEventListener("input", grid.draw);
  const draw = () => {
    const all = there().members;
    const has = all.filter((one) => one.card).length;
    const here = all.filter((one) => standing(one) === "saved").length;
    count.textContent = say("count", { n: has, all: all.length });
    rest.textContent = here ? say("count_rest", { here }) : say("count_rest_all");
    Object.assign(bar, { max: all.length || 1, value: has });
    grid.draw();
    showVersion(news);
  };
  slot("until").textContent = say("until", { until: clock(Date.parse(state.roster.expires_at)) });
  draw();
  return {
    title: { number: state.group },
    renew: draw,
    hear: (text) => take(text),
    back: manyGroups() ? () => go("groups") : null,
    acts: [button("scan", () => go("scan"))],
  };
}

function showVersion(place) {
  if (!hasNewVersion() || place.children.length) return;
  const box = element("div", { className: "news" });
  box.append(element("p", { text: say("new_version") }), button("take_over", takeOver, { kind: "push--quiet" }));
  place.append(box);
}

// --- One person -------------------------------------------------------------------------

export function person(slot, { handle }) {
  const { member } = find(handle);
  const how = standing(member);
  const cents = state.roster.deposit_cents;
  slot("mark").textContent = member.mark ?? "";
  slot("card").textContent = member.card || say("none");
  slot("state").textContent = [say(`state_${how}`), member.route === "library" && !member.card && state.roster.elsewhere].filter(Boolean).join(". ");
  slot("deposit").textContent = member.deposit === "none" ? say("deposit_none") : say(`deposit_is_${member.deposit}`);
  slot("registered").textContent = say(member.registered ? "yes" : "no");
  const made = ways(member, how, cents);
  for (const one of made.slice(1)) {
    const item = element("li");
    item.append(one);
    slot("ways").append(item);
  }
  return { title: { name: member.name }, back: home, hear: (text) => take(text, { student: handle }), acts: made.slice(0, 1) };
}

function ways(member, how, cents) {
  const { name, handle, deposit } = member;
  const quiet = { kind: "push--quiet" };
  const back = () => go("person", { handle });
  const last = lastHandOut(handle);
  const found = [];
  if (!member.card && how !== "own" && member.route !== "library") found.push(button("give_card", () => go("scan", { student: handle }), { values: { name } }));
  if (last && canUndo(last) && member.card) found.push(button("undo", () => go("sure", { ...undoing(last, name), back }), quiet));
  if (member.card && deposit === "open" && state.roster.cash && state.till && !state.till.counted) {
    const amount = euros(cents);
    const yes = () => finish("settle", { handle, shift: state.till.shift, cents }, { name });
    found.push(button("settle", () => go("sure", { word: "settle_sure", values: { name, amount }, press: "settle_press", yes, back }), { values: { amount } }));
  }
  if (member.card) found.push(button("swap_with", () => go("swap", { handle }), quiet));
  if (!member.card && how !== "own" && !member.declined) {
    const yes = () => finish("declined", { handle }, { name });
    found.push(button("declined", () => go("sure", { word: "declined_sure", values: { name }, press: "declined", yes, back }), quiet));
  }
  return [...found, toCoordinator({ handle })];
}

export function swap(slot, { handle }) {
  const { member } = find(handle);
  slot("for").textContent = say("swap_for", { name: member.name });
  const chosen = (other) => go("sure", {
    word: "swap_sure",
    press: "swap",
    back: () => go("person", { handle }),
    facts: [[say("gets", { name: member.name }), other.card], [say("gets", { name: other.name }), member.card]],
    yes: () => finish("swap", { one: handle, other: other.handle }, { name: `${member.name} ⇄ ${other.name}` }),
  });
  tiles(slot("grid"), { members: () => group(state.group).members.filter((one) => one.card && one.handle !== handle), chosen }).draw();
  return { back: () => go("person", { handle }) };
}

// --- What has arrived ---------------------------------------------------------------------

export function sent(slot) {
  const [sum, more, listed] = [slot("sum"), slot("more"), slot("list")];
  const draw = () => {
    const n = waiting().length;
    sum.textContent = n ? say(state.signIn ? "sum_sign_in" : "sum_waiting", { n }) : say("sum_all");
    more.textContent = state.shutOut ? say("stop_shut_out") : kept().length ? say("line_kept", { n: kept().length }) : "";
    listed.replaceChildren(...state.acts.toReversed().map(told));
  };
  draw();
  const send = state.signIn ? button("sign_in", () => go("sign-in")) : button("send_now", () => contact().then(flush));
  return { back: state.roster ? home : () => go("ready"), renew: draw, acts: [send] };
}

function told(act) {
  const { copy, slot } = piece("piece-act");
  const { body, kind, answer } = act;
  const name = (handle) => find(handle)?.member.name ?? say("somebody");
  const whom = kind === "undo" ? state.acts.find((one) => one.id === body.of)?.body.handle : body.handle ?? body.one;
  copy.querySelector("li").classList.add(`act--${act.state}`);
  slot("what").textContent = say(`act_${kind}`, { name: name(whom), other: name(body.other), card: masked(body.number), n: body.counted });
  slot("when").textContent = clock(act.at);
  slot("state").textContent = say(act.state === "waiting" ? "saved_here" : act.state);
  slot("why").textContent = refused(act) ? answer?.sentence ?? "" : "";
  return copy;
}
