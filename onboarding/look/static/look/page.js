// Brings a page up to date where it stands: asks for it once more, and touches only what
// differs. Focus, typed text, what is unfolded and the place of reading stay; the header stays
// altogether. Nothing that somebody is using is taken away: that waits for the next look.
const PATIENCE = 20_000;
const JUST_NOW = 5000;
const TOKENS = "[name=csrfmiddlewaretoken]";
// Boxes whose own scripts look after them.
const OWN = "[data-poll], [data-renew]";
// What somebody presses or types into never turns into another one of its kind.
const FIRM = "a, button, form, input, label, script, select, textarea";
const FIELDS = "input, textarea, select";
const READ = "details[data-read][open]";

let typedAt = -Infinity;
addEventListener("keydown", () => { typedAt = Date.now(); }, true);

const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
const isSent = (field) => field.form?.hasAttribute("data-sent");
const isTypedIn = (field) => field === document.activeElement && !isSent(field);
const isChanged = (field) => field.type !== "hidden" && field.matches("input, textarea") && !isSent(field)
  && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);

// Whether the whole page may be loaded again without taking anything from anybody.
export const isFree = () => Date.now() - typedAt > JUST_NOW && !isInUse(document.body);

// XMLHttpRequest makes a document by itself: nothing is ever read as markup here.
export const asked = (address = location.href) => new Promise((resolve, reject) => {
  const ask = new XMLHttpRequest();
  ask.open("GET", address);
  ask.setRequestHeader("X-Renew", "1");
  ask.responseType = "document";
  ask.timeout = PATIENCE;
  ask.onload = () => {
    const { status, response, responseURL } = ask;
    const isHere = status === 200 && new URL(responseURL).pathname === location.pathname;
    if (status < 500 && response) resolve({ page: response, isSame: isHere && isFramedAlike(response) });
    else reject(new Error("no page"));
  };
  ask.onerror = ask.ontimeout = reject;
  ask.send();
});

// Another language, another person, another design: that is not the same page.
const named = (head) => [...head.querySelectorAll("[rel=stylesheet], script")];
const isFramedAlike = (page) => page.documentElement.lang === document.documentElement.lang
  && page.querySelector(".top__who")?.textContent === document.querySelector(".top__who")?.textContent
  && named(page.head).every((one) => named(document.head).some((known) => known.isEqualNode(one)));

// Gives whether everything is up to date now; otherwise something is in use.
export function bring(page) {
  level(page);
  document.title = page.title;
  const isWhole = turn(document.querySelector("main"), page.querySelector("main"));
  // A script comes with its element, but runs only when it is asked for.
  for (const { src } of document.querySelectorAll("main script[src]")) import(src);
  return isWhole;
}

// What differs each time, or because scripts run here, is no news.
function level(page) {
  const token = page.querySelector(TOKENS)?.value;
  for (const one of [...document.querySelectorAll(TOKENS), ...page.querySelectorAll(TOKENS)]) one.value = token;
  for (const one of page.querySelectorAll("noscript")) one.textContent = one.innerHTML;
}

function turn(old, fresh) {
  if (old.isEqualNode(fresh)) return true;
  if (!isElement(old)) {
    old.nodeValue = fresh.nodeValue;
    return true;
  }
  if (old.matches(OWN)) return true;
  dress(old, fresh);
  return fill(old, fresh);
}

function dress(old, fresh) {
  const names = new Set([...old.getAttributeNames(), ...fresh.getAttributeNames()]);
  names.delete("open");
  for (const name of names) {
    const value = fresh.getAttribute(name);
    if (value === null) old.removeAttribute(name);
    else if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function fill(old, fresh) {
  const mates = pairs([...old.childNodes], [...fresh.childNodes]);
  const staying = new Set(mates.values());
  const leaving = [...old.childNodes].filter((node) => !staying.has(node));
  if (leaving.some(isInUse)) return false;
  leaving.forEach(remove);
  let isWhole = true;
  let place = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const mate = mates.get(node);
    if (mate) isWhole = turn(mate, node) && isWhole;
    else old.insertBefore(document.adoptNode(node), place);
    place = mate ? mate.nextSibling : place;
  }
  return isWhole;
}

// Whoever was told something goes on hearing it.
function remove(node) {
  const box = isElement(node) && (node.matches(OWN) ? node : node.querySelector(OWN));
  if (!box) node.remove();
  else if (box !== node) node.replaceWith(box);
}

function isInUse(node) {
  if (!isElement(node)) return false;
  const all = [node, ...node.querySelectorAll(`${FIELDS}, ${READ}`)];
  return all.some((one) => one.matches(READ) || (one.matches(FIELDS) && (isTypedIn(one) || isChanged(one))));
}

// Which of the new ones is which of the old ones: the way through both lists, in order, on
// which most is equal or alike.
function pairs(olds, freshes) {
  const likeness = olds.map((old) => freshes.map((fresh) => alike(old, fresh)));
  const best = Array.from({ length: olds.length + 1 }, () => new Uint32Array(freshes.length + 1));
  const met = (i, j) => (likeness[i][j] ? best[i + 1][j + 1] + likeness[i][j] : 0);
  for (let i = olds.length - 1; i >= 0; i--) {
    for (let j = freshes.length - 1; j >= 0; j--) best[i][j] = Math.max(met(i, j), best[i + 1][j], best[i][j + 1]);
  }
  const mates = new Map();
  for (let i = 0, j = 0; i < olds.length && j < freshes.length;) {
    if (best[i][j] === best[i + 1][j]) i++;
    else if (best[i][j] === best[i][j + 1]) j++;
    else mates.set(freshes[j++], olds[i++]);
  }
  return mates;
}

const bare = (element) => element.cloneNode(false);
const summary = (element) => element.querySelector(":scope > summary")?.textContent;
function alike(old, fresh) {
  if (old.nodeName !== fresh.nodeName || old.id !== fresh.id) return 0;
  if (!isElement(old)) return 1;
  if (old.isEqualNode(fresh)) return 4;
  if (old.matches(FIRM)) return bare(old).isEqualNode(bare(fresh)) ? 3 : 0;
  if (old.matches(OWN) || fresh.matches(OWN)) return old.dataset.url === fresh.dataset.url ? 3 : 0;
  if (summary(old) !== summary(fresh)) return 0;
  return old.getAttribute("class") === fresh.getAttribute("class") ? 3 : 1;
}
