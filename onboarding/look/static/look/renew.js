// Brings figures up to date every minute, part by part, without moving whoever reads them;
// says so where it could not, and holds still on one press.
const EVERY = 60_000;
const PATIENCE = 20_000;
const box = document.querySelector("[data-renew]");
const hold = box?.querySelector("[data-hold]");
let timer;

// XMLHttpRequest makes a document by itself: nothing is ever read as markup here.
const asked = () => new Promise((resolve, reject) => {
  const ask = new XMLHttpRequest();
  ask.open("GET", location.href);
  ask.setRequestHeader("X-Renew", "1");
  ask.responseType = "document";
  ask.timeout = PATIENCE;
  ask.onload = () => {
    const here = ask.status === 200 && new URL(ask.responseURL).pathname === location.pathname;
    if (here && ask.response) resolve(ask.response);
    else reject(new Error("not this page"));
  };
  ask.onerror = ask.ontimeout = reject;
  ask.send();
});

// What somebody opened, or moved sideways, stays so.
function keep(old, fresh) {
  const now = fresh.querySelectorAll("details");
  old.querySelectorAll("details").forEach((one, place) => { if (now[place]) now[place].open = one.open; });
  const tables = old.querySelectorAll(".table");
  return () => fresh.querySelectorAll(".table").forEach((one, place) => { one.scrollLeft = tables[place]?.scrollLeft ?? 0; });
}

function renew(page) {
  for (const old of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${old.dataset.part}"]`);
    if (!fresh || old.contains(document.activeElement)) continue;
    const settle = keep(old, fresh);
    if (fresh.outerHTML === old.outerHTML) continue;
    old.replaceWith(document.adoptNode(fresh));
    settle();
  }
}

const stale = (is) => { box.querySelector("[data-stale]").hidden = !is; };

async function look() {
  clearTimeout(timer);
  if (document.hidden || hold.ariaPressed === "true") return;
  try {
    renew(await asked());
    stale(false);
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
