// The letter's QR code carries user name and initial password behind "#", which no server sees:
// #account=lg…&secret=XXXX-XXXX-XXXX. They move into the fields and out of the address bar.
const box = document.querySelector("[data-letter]");

function take() {
  const brought = new URLSearchParams(location.hash.slice(1));
  const fields = ["account", "secret"].filter((name) => brought.get(name));
  if (!fields.length) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  for (const name of fields) {
    const input = document.getElementById(box.dataset[name]);
    if (!input) continue;
    input.value = brought.get(name);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  box.firstElementChild.hidden = false;
}

if (box) {
  take();
  addEventListener("hashchange", take);
}
