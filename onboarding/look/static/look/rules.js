// Ticks the rules of a new password while it is typed; the server has the last word.
const plain = (text) => text.normalize("NFKC").toLowerCase();
const bare = (text) => plain(text).replace(/[\s\p{Pd}]/gu, "");
const field = (item) => document.getElementById(
  item.dataset.field ?? item.closest("[data-rules]").dataset[item.dataset.rule.replace("not-", "")],
);
const other = (item) => field(item)?.value ?? "";

const CHECKS = {
  length: (typed, item) => {
    const size = [...typed.normalize("NFC")].length;
    return size >= Number(item.dataset.least ?? 0) && size <= Number(item.dataset.most ?? Infinity);
  },
  "not-account": (typed, item) => {
    const account = plain(other(item)).trim().split("@")[0];
    return !account || !plain(typed).includes(account);
  },
  "not-initial": (typed, item) => bare(typed) !== bare(other(item)),
  ascii: (typed) => /^[\x20-\x7e]*$/.test(typed),
};
CHECKS.account = CHECKS["not-account"];
CHECKS.initial = CHECKS["not-initial"];

function watch(list) {
  const input = document.getElementById(list.dataset.rules);
  if (!input) return;
  const items = [...list.querySelectorAll("[data-rule]")].filter((item) => item.dataset.rule in CHECKS);
  const status = list.querySelector("[role=status]");
  let talk;
  const look = () => {
    let met = 0;
    for (const item of items) {
      const good = input.value !== "" && CHECKS[item.dataset.rule](input.value, item);
      met += good;
      item.classList.toggle("rule--met", good);
      item.querySelector("[data-standing]").textContent = ` (${good ? item.dataset.met : item.dataset.open})`;
    }
    clearTimeout(talk);
    if (input.value) talk = setTimeout(() => {
      status.textContent = list.dataset.said.replace("{met}", met).replace("{all}", items.length);
    }, 900);
  };
  input.addEventListener("input", look);
  for (const item of items) field(item)?.addEventListener("input", look);
  addEventListener("pageshow", look);
  look();
}

document.querySelectorAll("[data-rules]").forEach(watch);
