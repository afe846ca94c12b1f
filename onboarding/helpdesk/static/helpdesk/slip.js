// The slip comes as a file and leaves the page standing: what came with it says that it is
// here, and the page is brought up to date, to tell what was done.
import { asked, bring, isFree } from "../look/page.js";

const CAME = "slip_came";
const OFTEN = 250;
const PATIENCE = 30_000;

async function renew() {
  const { page, isSame } = await asked(location.pathname);
  if (!isSame) {
    if (isFree()) location.replace(location.pathname);
    return;
  }
  // The form has done its work, with what was typed into it.
  for (const form of document.querySelectorAll("form[data-slip]")) form.dataset.sent = "";
  bring(page);
  if (document.activeElement === document.body) document.querySelector("main").focus();
}

function renewOnceItCame() {
  const began = Date.now();
  const timer = setInterval(() => {
    if (document.cookie.split("; ").includes(`${CAME}=1`)) {
      document.cookie = `${CAME}=; path=/help-desk/; max-age=0; samesite=strict`;
      clearInterval(timer);
      renew();
    } else if (Date.now() - began > PATIENCE) clearInterval(timer);
  }, OFTEN);
}

addEventListener("submit", ({ target }) => { if ("slip" in target.dataset) renewOnceItCame(); });
