// What went wrong is the first thing to be read.
const wrong = document.querySelector("[data-errors]");
if (wrong) {
  wrong.focus();
  // "Back" to this page later asks for it anew instead of sending the form once more.
  history.replaceState(history.state, "", location.href);
}
