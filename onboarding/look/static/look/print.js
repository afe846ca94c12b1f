// Offers the browser's own print, which also saves as PDF.
for (const button of document.querySelectorAll("[data-print]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => print());
}
