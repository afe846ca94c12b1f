// Asks for news while something is being set up, ever more seldom, and never in the background.
const FIRST = [500, 1000, 2000];
const OFTEN = 5000;
const SELDOM = 15_000;
const OFTEN_UNTIL = 60_000;
const PATIENCE = 120_000;
const TOLD = "look:told";
const RENEWED = "look:renewed";

// What somebody types, or has unfolded, is worth more than news: those wait for it.
const isTyping = () => document.activeElement?.matches("[type=search]")
  || document.querySelector("main details[data-read][open]")
  || [...document.querySelectorAll("input, textarea")].some(
    (field) => field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked),
  );

// Whoever is on the way to another page is not held up by news of this one. Where that
// page does not come (a download, say), looking goes on a little later.
let leftAt = -Infinity;
addEventListener("beforeunload", () => { leftAt = Date.now(); });
const isLeaving = () => Date.now() - leftAt < 10_000;

function watch(box) {
  const status = box.querySelector("[role=status]");
  const began = Date.now();
  let asked = 0;
  let etag = "";
  let timer;

  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const wait = () => {
    const age = Date.now() - began;
    if (age > PATIENCE && box.dataset.patience) say(box.dataset.patience);
    const pause = FIRST[asked++] ?? (age < OFTEN_UNTIL ? OFTEN : SELDOM);
    timer = setTimeout(ask, pause);
  };
  // A page that is behind the answer is renewed once for it, not again and again.
  const renew = (version) => {
    sessionStorage.setItem(RENEWED, `${box.dataset.version} ${version}`);
    sessionStorage.setItem(TOLD, "1");
    location.reload();
  };
  const isNews = ({ changed, version }) => (
    (changed === true || (version !== undefined && String(version) !== box.dataset.version))
    && sessionStorage.getItem(RENEWED) !== `${box.dataset.version} ${version}`
  );
  async function ask() {
    if (document.hidden) return;
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      const answer = await fetch(box.dataset.url, { headers, redirect: "manual", signal: AbortSignal.timeout(8000) });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return;
      if (answer.ok) {
        const news = await answer.json();
        const isNew = isNews(news);
        if (isNew && !isTyping() && !isLeaving()) return renew(news.version);
        if (!isNew && news.settled === true) return;
        etag = isNew ? "" : answer.headers.get("ETag") ?? "";
      }
    } catch { /* The next look may find the network again. */ }
    wait();
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  if (sessionStorage.getItem(TOLD)) {
    sessionStorage.removeItem(TOLD);
    setTimeout(() => say(box.dataset.changed), 300);
  }
  wait();
}

document.querySelectorAll("[data-poll]").forEach(watch);
