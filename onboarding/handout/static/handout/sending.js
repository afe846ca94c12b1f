// Sends what waits, one act after the other, and fetches today's list.
import * as store from "./store.js";
import { changed, expire, forget, learn, look, state, update, waiting } from "./roster.js";

const PATIENCE = 8000;
const SOON = 1000;
const EVERY = 20_000;
const LIST_EVERY = 60_000;
const TURN = 60_000;
const version = document.body.dataset.version;

let token = "";
let round = null;
let timer = 0;
// Tries in a row that came to nothing.
let failed = 0;
let listAt = 0;
// How many acts the portal was last told of that wait here; nothing while that is unsure.
let told = 0;

// Gives the answer, or nothing where there was none in time.
async function ask(path, { method = "GET", body } = {}) {
  const headers = body ? { "Content-Type": "application/json", "X-CSRFToken": token } : {};
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch(path, { method, headers, signal, body: body && JSON.stringify(body), cache: "no-store", redirect: "manual" }).catch(() => null);
}

const read = (answer) => answer.json().catch(() => ({}));

// Asks who is signed in; the token to send with is never kept.
async function greet() {
  const asked = Date.now();
  const answer = await ask("/handout/ready.json");
  if (!answer) return false;
  state.wrongAccount = answer.status === 403;
  if (answer.status === 401 || answer.status === 403) return signInFirst();
  if (!answer.ok) return false;
  const { csrf, me, now } = await read(answer);
  // A network that asks for a sign-in of its own answers anything with its own page.
  if (!csrf) return false;
  token = csrf;
  state.skew = Math.round(Date.parse(now) - (asked + Date.now()) / 2);
  state.signIn = false;
  await store.set("skew", state.skew);
  if (me !== state.me) await becomes(me);
  return enrol();
}

function signInFirst() {
  token = "";
  state.signIn = true;
  changed();
  return false;
}

// Somebody else signed in: another phone to the portal, and no list of the one before.
async function becomes(me) {
  const known = await store.get("me");
  if (known && known !== me) {
    await forget();
    await store.drop("phone");
    await store.drop("till");
    await store.drop("group");
    Object.assign(state, { till: null, group: null, phone: "" });
  }
  state.me = me;
  await store.set("me", me);
}

async function enrol() {
  if (!state.phone) {
    state.phone = crypto.randomUUID();
    await store.set("phone", state.phone);
  }
  const body = { device: device(), waiting: waiting().length, app: version };
  told = null;
  const answer = await ask(`/handout/phones/${state.phone}`, { method: "PUT", body });
  if (answer?.ok) told = body.waiting;
  if (answer?.status === 410) return shutOut();
  if (answer?.status === 401 || answer?.status === 403) return signInFirst();
  if (answer?.ok && state.shutOut) {
    state.shutOut = false;
    await store.drop("shut out");
  }
  return Boolean(answer?.ok);
}

async function shutOut() {
  state.shutOut = true;
  await store.set("shut out", true);
  await forget();
  return true;
}

function device() {
  const found = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(navigator.userAgent);
  return found?.[0] ?? "";
}

// Sends everything that waits; never two at a time, in however many windows. Whoever asks
// while others are at it gets the next round, which takes what was saved meanwhile.
export function flush() {
  round ??= inTurn(async () => {
    round = null;
    // The coordinator's board shows what a phone said last.
    if (reached(await sendAll()) && told !== waiting().length) await enrol();
  });
  return round;
}

// A window that sleeps may keep the turn; the same act twice has no second effect.
function inTurn(work) {
  const signal = AbortSignal.timeout(TURN);
  return navigator.locks.request("handout-sending", { signal }, work).catch((error) => {
    if (error.name === "TimeoutError") return work();
    round = null;
    throw error;
  });
}

async function sendAll() {
  await look();
  const mine = waiting().filter((one) => one.me === state.me);
  if (!mine.length) return true;
  if (!token && !await greet()) return false;
  for (const act of mine) {
    if (!await send(act, { anew: true })) return false;
  }
  return true;
}

async function send(act, { anew }) {
  const { kind, at, body, id, phone } = act;
  const sent = { ...body, kind, at: new Date(at).toISOString(), phone, app: version, sent_at: new Date().toISOString() };
  const answer = await ask(`/handout/acts/${id}`, { method: "PUT", body: sent });
  if (!answer || answer.status >= 500) return false;
  if (answer.status === 401 || answer.status === 403) {
    token = "";
    return anew && await greet() ? send(act, { anew: false }) : signInFirst();
  }
  if (![200, 201, 409, 410, 422].includes(answer.status)) return false;
  const said = await read(answer);
  // Only the portal's own word makes an act one that has arrived.
  if (!said.outcome) return false;
  await update(act, { state: answer.ok ? "arrived" : "kept", answer: said });
  if (answer.status === 410) await shutOut();
  if (kind === "count_shift" && answer.ok) await tillCounted(said);
  changed();
  return true;
}

async function tillCounted({ difference_cents: difference }) {
  if (!state.till) return;
  const till = { ...state.till, difference };
  await store.set("till", till);
  state.till = till;
}

// Looks after everything: who I am, what waits, today's list.
export async function contact() {
  await expire();
  await look();
  if (!reached(await greet())) return;
  await flush();
  await fetchList();
}

async function fetchList() {
  if (state.shutOut) return;
  const listed = new Set(state.acts.filter((one) => one.state !== "waiting").map((one) => one.id));
  const answer = await ask(`/handout/roster.json?phone=${state.phone}`);
  if (answer?.status === 410) await shutOut();
  if (answer?.status === 401 || answer?.status === 403) signInFirst();
  if (!answer?.ok) return;
  listAt = Date.now();
  const list = await read(answer);
  if (list.expires_at) await learn(list, listed);
}

export const csrf = () => token;

export function keepSending() {
  addEventListener("online", () => { failed = 0; contact(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) contact(); });
  addEventListener("beforeunload", (event) => { if (waiting().length) event.preventDefault(); });
  plan();
}

async function turn() {
  try {
    await expire();
    if (document.hidden || Date.now() - listAt < LIST_EVERY) await flush();
    else await contact();
  } finally {
    plan();
  }
}

// A network that comes back is shaky at first: what waits is tried again soon, then ever later.
function plan() {
  const pause = failed && waiting().length && !state.signIn ? Math.min(EVERY, SOON * 2 ** failed) : EVERY;
  clearTimeout(timer);
  timer = setTimeout(turn, pause * (1 + Math.random() / 4));
}

// Notes whether the portal could be reached, and gives it.
function reached(it) {
  failed = it ? 0 : failed + 1;
  if (!it) plan();
  return it;
}
