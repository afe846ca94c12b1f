// Today's groups as they are now: the portal's list, and on top what was done here since.
import * as store from "./store.js";
import { masked } from "./numbers.js";

export const UNDO_MS = 10 * 60 * 1000;
export const state = { roster: null, acts: [], till: null, skew: 0, me: "", phone: "", signIn: false, wrongAccount: false, shutOut: false, group: null };

const listeners = new Set();
export const whenChanged = (listener) => listeners.add(listener);
export const changed = () => { for (const one of listeners) one(); };

// The portal's time, as far as this phone knows it.
export const now = () => Date.now() + state.skew;

export async function recall() {
  state.acts = await store.acts();
  state.till = await store.get("till") ?? null;
  state.skew = await store.get("skew") ?? 0;
  state.me = await store.get("me") ?? "";
  state.phone = await store.get("phone") ?? "";
  state.shutOut = await store.get("shut out") === true;
  state.group = await store.get("group") ?? null;
  state.roster = await store.get("roster") ?? null;
  await expire();
}

// The list dies at the end of its day, whether or not anybody looks.
export async function expire() {
  if (!state.roster || Date.parse(state.roster.expires_at) > now()) return;
  await forget();
}

export async function forget() {
  state.roster = null;
  await store.drop("roster");
  changed();
}

export async function learn(roster, listed) {
  await store.set("roster", roster);
  state.roster = roster;
  for (const act of state.acts.filter((one) => listed.has(one.id) && !one.listed)) await update(act, { listed: true });
  for (const act of kept().filter((one) => one.id in (roster.decided ?? {}))) await update(act, { state: roster.decided[act.id] });
  changed();
}

export async function update(act, changes) {
  await store.note(act.seq, changes);
  // What is on the phone may have been read again meanwhile.
  for (const one of [act, ...state.acts]) if (one.id === act.id) Object.assign(one, changes);
}

// Reads again what is saved on the phone: another window of the app may have been at it.
export async function look() {
  const before = waiting().length;
  state.acts = await store.acts();
  state.till = await store.get("till") ?? null;
  if (waiting().length !== before) changed();
}

// Saves an act on the phone: from then on it is not lost.
export async function record(kind, body) {
  const act = { id: crypto.randomUUID(), kind, me: state.me, phone: state.phone, at: Date.now(), state: "waiting", body };
  await store.add(act);
  await look();
  changed();
  return state.acts.find((one) => one.id === act.id);
}

export const waiting = () => state.acts.filter((one) => one.state === "waiting");
export const kept = () => state.acts.filter((one) => one.state === "kept");
// What a tutor asked the coordinator for is with the coordinator, but nothing went wrong.
export const refused = (act) => act.state === "kept" && act.kind !== "to_coordinator";
export const groups = () => state.roster?.groups ?? [];

const undone = (act) => state.acts.some((one) => one.kind === "undo" && one.body.of === act.id && one.state !== "kept");
// From then on there is more to take back than one card that was handed out.
const MOVES_ON = {
  swap: (act, { handle }) => [act.body.one, act.body.other].includes(handle),
  defective: (act, { number }) => act.body.number === number,
};
const movedOn = ({ seq, body }) => state.acts.some((one) => one.seq > seq && one.state !== "kept" && MOVES_ON[one.kind]?.(one, body));
export const canUndo = (act) => act.kind === "hand_out" && ["waiting", "arrived"].includes(act.state) && !undone(act) && !movedOn(act) && Date.now() - act.at < UNDO_MS;
export const lastHandOut = (handle) => state.acts.findLast((one) => one.kind === "hand_out" && one.body.handle === handle && !undone(one));

// Gives a group with its members as they stand, and the cards that are out of the box.
export function group(number) {
  const listed = groups().find((one) => one.number === number);
  if (!listed) return null;
  const members = new Map(listed.members.map((one) => [one.handle, { ...one, number: "", act: null, kept: false }]));
  const out = new Map();
  const aside = new Set();
  for (const act of state.acts.filter((one) => one.body.group === number)) apply(act, { members, out, aside });
  return { ...listed, members: [...members.values()], out, aside };
}

const DONE = {
  hand_out(act, { members, out }) {
    const one = members.get(act.body.handle);
    if (!one || undone(act)) return;
    Object.assign(one, { card: masked(act.body.number), number: act.body.number, act, declined: false });
    if (act.body.deposit === "paid") one.deposit = "paid";
    else if (one.deposit === "none") one.deposit = "open";
    out.set(act.body.number, one);
  },
  undo(act, { members }) {
    const taken = state.acts.find((one) => one.id === act.body.of);
    const one = taken && members.get(taken.body.handle);
    // What the portal listed meanwhile is taken back again here.
    if (one && taken.listed) Object.assign(one, { card: "", number: "", deposit: "none" });
  },
  swap(act, { members, out }) {
    const [one, other] = [members.get(act.body.one), members.get(act.body.other)];
    if (!one || !other) return;
    const { card, number } = one;
    Object.assign(one, { card: other.card, number: other.number, act });
    Object.assign(other, { card, number, act });
    for (const each of [one, other]) if (each.number) out.set(each.number, each);
  },
  settle(act, { members }) {
    const one = members.get(act.body.handle);
    if (one) one.deposit = "paid";
  },
  declined(act, { members }) {
    const one = members.get(act.body.handle);
    if (one && !one.card) Object.assign(one, { declined: true, act });
  },
  defective(act, { aside }) { aside.add(act.body.number); },
};

// The coordinator decided: the portal's list says what came of it.
const DECIDED = new Set(["recorded", "looked_at"]);

function apply(act, there) {
  if (act.state === "kept") {
    const one = there.members.get(act.body.handle);
    if (one && !one.card) one.kept = true;
  } else if (!act.listed && !DECIDED.has(act.state)) {
    DONE[act.kind]?.(act, there);
  }
}

// One word for how somebody stands; the tile and the sums go by it.
export function standing(member) {
  if (member.card) return member.act?.state === "waiting" ? "saved" : "arrived";
  if (member.kept) return "kept";
  if (member.handle === state.me) return "own";
  if (member.declined) return "declined";
  return member.route === "library" ? "library" : "missing";
}

// Gives who has this handle in any of my groups.
export function find(handle) {
  for (const { number } of groups()) {
    const member = group(number).members.find((one) => one.handle === handle);
    if (member) return { member, number };
  }
  return null;
}
