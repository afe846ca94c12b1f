// Brings figures up to date every minute, without moving whoever reads them; says so where
// it could not, and holds still on one press.
import { asked, bring } from "./page.js";

const EVERY = 60_000;
const box = document.querySelector("[data-renew]");
const hold = box?.querySelector("[data-hold]");
let timer;

const stale = (is) => { box.querySelector("[data-stale]").hidden = !is; };

async function look() {
  clearTimeout(timer);
  if (document.hidden || hold.ariaPressed === "true") return;
  try {
    const { page, isSame } = await asked();
    if (isSame) bring(page);
    stale(!isSame);
  } catch { stale(true); }
  timer = setTimeout(look, EVERY);
}

function press() {
  const held = hold.ariaPressed !== "true";
  hold.ariaPressed = String(held);
  box.querySelector("[data-on]").hidden = held;
  box.querySelector("[data-off]").hidden = !held;
  if (!held) look();
}

if (box) {
  box.hidden = false;
  hold.addEventListener("click", press);
  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, EVERY);
}
