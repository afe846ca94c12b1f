// Warns before the session ends, in every tab at once, and keeps it open on one press.
const WARN_SECONDS = 180;
const SHARED = "look:session-ends";
const box = document.querySelector("[data-session]");
const part = (name) => box.querySelector(`[data-${name}]`);
let ends;

function renewed() {
  // The server puts the end off at most once a minute, so it may come that much earlier.
  ends = Date.now() + (Number(box.dataset.seconds) - 60) * 1000;
  localStorage.setItem(SHARED, String(ends));
}

function look() {
  const left = Math.ceil((ends - Date.now()) / 1000);
  const over = left <= 0;
  if (left > WARN_SECONDS) {
    if (box.open) box.close();
    return;
  }
  part("left").textContent = box.dataset.clock.replace("{minutes}", Math.max(1, Math.ceil(left / 60)));
  for (const name of ["soon", "stay"]) part(name).hidden = over;
  for (const name of ["over", "again"]) part(name).hidden = !over;
  if (!box.open) box.showModal();
}

async function stay(event) {
  event.preventDefault();
  const { action, method } = event.target;
  const body = new URLSearchParams(new FormData(event.target));
  const answer = await fetch(action, { method, body, redirect: "manual" }).catch(() => null);
  if (answer?.ok) renewed();
  else if (answer) ends = 0;
  look();
}

if (box) {
  renewed();
  box.querySelector("form").addEventListener("submit", stay);
  addEventListener("storage", (event) => {
    if (event.key === SHARED) { ends = Number(event.newValue); look(); }
  });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 5000);
}
