// Asks the device for a passkey and sends its answer as a form does (W3C, Web Authentication).
const box = document.querySelector("[data-passkey]");
const form = box.querySelector("form");
const known = box.dataset.passkey === "known";
const read = known ? "parseRequestOptionsFromJSON" : "parseCreationOptionsFromJSON";
const failed = box.querySelector("[data-failed]");

async function answer() {
  const asked = await fetch(box.dataset.ask, { method: "POST", body: new FormData(form) });
  if (!asked.ok) throw new Error(String(asked.status));
  const publicKey = PublicKeyCredential[read](await asked.json());
  return navigator.credentials[known ? "get" : "create"]({ publicKey });
}

if (globalThis.PublicKeyCredential?.[read]) {
  box.querySelector("[data-off]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.answer.value = JSON.stringify(await answer());
      form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
    }
  });
}
