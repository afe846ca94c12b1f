// The app on the phone: its shell, whole and of one version; never anything personal.
const CACHE = "handout-{{ version }}";
const SHELL = new Set({{ shell|safe }});
const START = "/handout/";

self.addEventListener("install", (event) => {
  const fresh = [...SHELL].map((url) => new Request(url, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("handout-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A new version waits until somebody takes it over, between two students.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (pathname === START) event.respondWith(start());
  else if (SHELL.has(pathname)) event.respondWith(kept(pathname, event.request));
});

async function kept(pathname, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(pathname)) ?? fetch(request);
}

async function start() {
  const choice = await caches.match("/handout/language");
  const language = (await choice?.text()) ?? (self.navigator.language.startsWith("de") ? "de" : "en");
  return Response.redirect(`${START}${language}/`);
}
