// The app's own service worker, and no other script, may be put in its place.
const WORKER = "/handout/sw.js";
const policy = globalThis.trustedTypes?.createPolicy("portal", {
  createScriptURL(url) {
    if (url !== WORKER) throw new TypeError(url);
    return url;
  },
});

let waiting = null;
let asked = false;

// Puts the app on the phone; `renewed` is told when it is there, and when a new version waits.
export async function register(renewed) {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (asked) location.reload(); });
  const url = policy ? policy.createScriptURL(WORKER) : WORKER;
  const here = await navigator.serviceWorker.register(url, { scope: "/handout/", updateViaCache: "none" }).catch(() => null);
  if (!here) return;
  const look = () => {
    if (!here.waiting || !navigator.serviceWorker.controller) return;
    waiting = here.waiting;
    renewed();
  };
  look();
  // On a slow phone all of it is here a while after the first look.
  navigator.serviceWorker.ready.then(renewed);
  here.addEventListener("updatefound", () => here.installing?.addEventListener("statechange", look));
  addEventListener("online", () => here.update().catch(() => null));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) here.update().catch(() => null); });
}

export const hasNewVersion = () => waiting !== null;
export function takeOver() {
  asked = true;
  waiting?.postMessage("take over");
}

// Says whether the whole app is on this phone.
export async function isHere() {
  const here = await navigator.serviceWorker?.getRegistration("/handout/");
  return Boolean(here?.active && (await caches.keys()).some((name) => name.startsWith("handout-")));
}

// The language in which the app opens next time, without a network too.
export async function opensIn(language) {
  const choice = await caches.open("choice");
  await choice.put("/handout/language", new Response(language));
}
