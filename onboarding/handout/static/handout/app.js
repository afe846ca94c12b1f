// Starts the app: what is on the phone first, then the portal.
import * as feel from "./feel.js";
import * as handing from "./handing.js";
import * as looking from "./looking.js";
import * as more from "./more.js";
import { opensIn, register } from "./register.js";
import { groups, kept, recall, refused, state, waiting, whenChanged } from "./roster.js";
import { listen } from "./scanner.js";
import { contact, keepSending } from "./sending.js";
import { current, go, goBack, hear, renew, teach } from "./stage.js";
import { set, tidy } from "./store.js";
import { language, say } from "./words.js";

const DAY = 24 * 60 * 60 * 1000;

const LISTED = new Set(["groups", "group", "person", "swap", "scan", "confirm", "done", "sure", "stop", "defective", "coordinator", "count"]);

teach({
  "sign-in": more.signIn,
  "sign-out": more.signOut,
  ready: looking.ready,
  groups: looking.choose,
  group: looking.members,
  person: looking.person,
  swap: looking.swap,
  sent: looking.sent,
  scan: handing.scan,
  confirm: handing.confirm,
  done: handing.done,
  sure: handing.sure,
  stop: handing.stopped,
  defective: handing.defective,
  coordinator: handing.coordinator,
  menu: more.menu,
  count: more.count,
  cash: more.cash,
});

const DO = { back: goBack, menu: () => go("menu"), sent: () => go("sent"), again: start };

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-do]");
  if (pressed) DO[pressed.dataset.do]();
});

// Says at every moment what is saved here only, and what has arrived.
function drawLine() {
  const line = document.getElementById("line");
  const [n, withCoordinator] = [waiting().length, kept().length];
  const others = waiting().some((one) => one.me !== state.me);
  line.hidden = current() === "sign-in";
  const wrong = state.shutOut || (!n && kept().some(refused));
  line.classList.toggle("line--waiting", !wrong && n + withCoordinator > 0);
  line.classList.toggle("line--wrong", wrong);
  const words = document.getElementById("line-words");
  if (state.shutOut) words.textContent = say("line_shut_out");
  else if (n && state.signIn) words.textContent = say("line_sign_in", { n });
  else if (n) words.textContent = say(others ? "line_other" : "line_waiting", { n });
  else words.textContent = withCoordinator ? say("line_kept", { n: withCoordinator }) : say("line_arrived");
}

// The first screen: who is signed out signs in; one group opens by itself.
async function start() {
  await contact();
  await settle();
}

async function settle() {
  if (!state.roster && state.signIn) return go("sign-in");
  if (!groups().some((one) => one.number === state.group)) {
    state.group = groups().length === 1 ? groups()[0].number : null;
    await set("group", state.group);
  }
  return go("ready");
}

async function boot() {
  await recall();
  await feel.recall();
  await tidy(Date.now() - DAY);
  await opensIn(language);
  whenChanged(() => {
    drawLine();
    // Without today's list there is nobody to hand anything to.
    if (!state.roster && LISTED.has(current())) go("ready");
    else renew();
  });
  listen(hear);
  keepSending();
  register(renew);
  // With today's list on the phone nobody waits for a network.
  if (state.roster && state.group) go("group");
  else if (state.roster) await settle();
  drawLine();
  await contact();
  if (!current()) await settle();
  drawLine();
}

boot();
