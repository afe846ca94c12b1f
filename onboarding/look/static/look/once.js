// A form is sent once, however often somebody presses; coming back makes it usable again.
const PATIENCE = 15_000;
const buttons = (form) => form.querySelectorAll("button[type=submit]");

function free(form) {
  delete form.dataset.sent;
  for (const button of buttons(form)) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.idle) button.querySelector(".kern-label").textContent = button.dataset.idle;
  }
}

function hold(form, pressed) {
  form.dataset.sent = "";
  for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
  if (pressed?.dataset.busy) {
    const label = pressed.querySelector(".kern-label");
    pressed.dataset.idle = label.textContent;
    label.textContent = pressed.dataset.busy;
  }
  // An answer that is a file leaves the page standing.
  setTimeout(() => free(form), PATIENCE);
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "often" in form.dataset) return;
  if ("sent" in form.dataset) event.preventDefault();
  else if (!event.defaultPrevented) hold(form, event.submitter);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) free(form);
});
