// Copies a fact to the clipboard where the browser lets us.
for (const box of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = box.querySelector("button");
  const word = box.querySelector(".copyable__word");
  const status = box.querySelector("[role=status]");
  const idle = word.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("code").textContent);
    word.textContent = status.textContent = button.dataset.done;
    setTimeout(() => { word.textContent = idle; status.textContent = ""; }, 3000);
  });
}
