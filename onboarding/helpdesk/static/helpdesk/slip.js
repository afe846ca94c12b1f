// The slip comes as a file and leaves the page standing: what came with it says that it is
// here, and the page is asked for anew, to tell what was done.
const CAME = "slip_came";
const OFTEN = 250;
const PATIENCE = 30_000;

function renewOnceItCame() {
  const began = Date.now();
  const timer = setInterval(() => {
    if (document.cookie.split("; ").includes(`${CAME}=1`)) {
      document.cookie = `${CAME}=; path=/help-desk/; max-age=0; samesite=strict`;
      clearInterval(timer);
      location.replace(location.pathname);
    } else if (Date.now() - began > PATIENCE) clearInterval(timer);
  }, OFTEN);
}

addEventListener("submit", ({ target }) => { if ("slip" in target.dataset) renewOnceItCame(); });
