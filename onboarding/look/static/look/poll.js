// Asks for news while something is being set up, ever more seldom, and never in the background;
// brings the page up to date then, and says so.
import { asked, bring, isFree } from "./page.js";

const FIRST = [500, 1000, 2000];
const OFTEN = 5000;
const SELDOM = 15_000;
const OFTEN_UNTIL = 60_000;
const PATIENCE = 120_000;
const watched = new WeakSet();

// Whoever is on the way to another page is not held up by news of this one. Where that
// page does not come (a download, say), looking goes on a little later.
let leftAt = -Infinity;
addEventListener("beforeunload", () => { leftAt = Date.now(); });
const isLeaving = () => Date.now() - leftAt < 10_000;

function watch(box) {
  const status = box.querySelector("[role=status]");
  let began = Date.now();
  let count = 0;
  let etag = "";
  let behind = "";
  let timer;
  let isOver = false;

  const say = (text) => { status.textContent = text; };
  const wait = () => {
    const age = Date.now() - began;
    const { patience } = box.dataset;
    if (age > PATIENCE && patience && status.textContent !== patience) say(patience);
    const pause = FIRST[count++] ?? (age < OFTEN_UNTIL ? OFTEN : SELDOM);
    timer = setTimeout(look, pause);
  };
  const isNews = ({ changed, version }) => (
    (changed === true || (version !== undefined && String(version) !== box.dataset.version))
    && behind !== `${box.dataset.version} ${version}`
  );
  // The box of the new page says what there is to wait for, if anything.
  const goOn = (next, version) => {
    [began, count] = [Date.now(), 0];
    isOver = !next || next.ownerDocument === document;
    // A page that is behind the answer is renewed once for it, not again and again.
    if (next) [behind, box.dataset.version] = [`${next.dataset.version} ${version}`, next.dataset.version];
  };
  async function renew(version) {
    const { page, isSame } = await asked();
    if (isLeaving()) return;
    if (!isSame) {
      if (isFree()) location.reload();
      return;
    }
    const next = page.querySelector(`[data-poll][data-url="${CSS.escape(box.dataset.url)}"]`);
    const isWhole = bring(page);
    begin();
    if (!isWhole) return;
    say(box.dataset.changed);
    goOn(next, version);
  }
  async function look() {
    if (document.hidden) return;
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      const answer = await fetch(box.dataset.url, { headers, redirect: "manual", signal: AbortSignal.timeout(8000) });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return;
      if (answer.ok) {
        const news = await answer.json();
        const isNew = isNews(news);
        etag = isNew ? "" : answer.headers.get("ETag") ?? "";
        if (isNew && !isLeaving()) await renew(news.version);
        else if (!isNew && news.settled === true) return;
      }
    } catch { /* The next look may find the network again. */ }
    if (!isOver) wait();
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden && !isOver) look();
  });
  wait();
}

function begin() {
  for (const box of document.querySelectorAll("[data-poll]")) {
    if (watched.has(box)) continue;
    watched.add(box);
    watch(box);
  }
}

begin();
