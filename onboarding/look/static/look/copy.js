// Copies a fact to the clipboard where the browser lets us. The buttons are listened to from
// above: a page that is brought up to date has new ones.
const idle = new WeakMap();

async function copy(box, button) {
  const word = box.querySelector(".copyable__word");
  const status = box.querySelector("[role=status]");
  await navigator.clipboard.writeText(box.querySelector("code").textContent);
  if (!idle.has(word)) idle.set(word, word.textContent);
  word.textContent = status.textContent = button.dataset.done;
  setTimeout(() => { word.textContent = idle.get(word); status.textContent = ""; }, 3000);
}

if (navigator.clipboard) {
  document.documentElement.classList.add("copies");
  document.addEventListener("click", ({ target }) => {
    const box = target.closest("[data-copy]");
    const button = target.closest("button");
    if (box?.contains(button)) copy(box, button);
  });
}
