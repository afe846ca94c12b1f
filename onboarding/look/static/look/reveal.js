// Shows and hides a password; every form is sent with the password hidden again.
for (const box of document.querySelectorAll("[data-reveal]")) {
  const input = box.querySelector("input");
  const button = box.querySelector("button");
  const word = button.querySelector(".kern-label");
  const status = box.querySelector("[role=status]");
  const name = input.labels[0]?.firstChild?.textContent.trim() ?? "";
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    word.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-label", name ? `${word.textContent}: ${name}` : word.textContent);
  };
  show(false);
  button.hidden = false;
  button.addEventListener("click", () => {
    show(input.type === "password");
    status.textContent = input.type === "text" ? button.dataset.shown : button.dataset.hidden;
  });
  input.form?.addEventListener("submit", () => show(false));
  addEventListener("pageshow", () => show(false));
}
