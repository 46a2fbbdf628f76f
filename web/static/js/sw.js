// The service worker. It keeps public files, the page that says "no signal" and empty forms, one for each language; never a page with
// anybody's data.
// What stands before this, KEPT, names the files: the server writes it, so that another release is another worker.

importScripts(KEPT.queue);
importScripts(KEPT.push);

const SHELLS = "said-shells";
const STATIC = "said-static";
const SLOW = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await (await caches.open(STATIC)).addAll(KEPT.files);
    const shells = await caches.open(SHELLS);
    if (!(await shells.match("/offline"))) await shells.add("/offline");
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await self.clients.claim();
    const files = await caches.open(STATIC);
    const shells = await caches.open(SHELLS);
    let renewed = true;
    for (const request of await shells.keys()) {
      const answer = await fetch(request, { cache: "no-store" }).catch(() => null);
      if (answer?.ok && !answer.redirected) await shells.put(request, answer);
      else renewed = false;
    }
    if (!renewed) return; // they still name the files of before
    for (const request of await files.keys()) {
      if (!KEPT.files.includes(new URL(request.url).pathname)) await files.delete(request);
    }
  })());
});

// A page asks that empty forms be kept. Only what lies under /offline is, and only as everybody gets it.
async function keepShells(wanted) {
  const shells = await caches.open(SHELLS);
  for (const [address, names] of wanted) {
    if (![address, ...names].every((one) => new URL(one, self.location).pathname.startsWith("/offline"))) continue;
    const answer = await fetch(address, { cache: "no-store", credentials: "omit" }).catch(() => null);
    if (answer?.ok && !answer.redirected) for (const name of names) await shells.put(name, answer.clone());
  }
}

self.addEventListener("message", (event) => {
  if (event.data?.shells) event.waitUntil(keepShells(event.data.shells));
});

const FORMS = [
  [/^\/staff\/([^/]+)\/log$/, "log"],
  [/^\/([^/]+)\/tell(?:\/[^/]+)?$/, "tell"],
];

function formAt(url) {
  for (const [pattern, name] of FORMS) {
    const found = url.pathname.match(pattern);
    if (found) return `/offline/${found[1]}/${name}`;
  }
  return null;
}

// The form in the language asked for, or in the one used last; for every other page the one that says "no signal".
async function withoutSignal(url) {
  const shells = await caches.open(SHELLS);
  const own = formAt(url);
  if (own) {
    const found = (await shells.match(`${own}?lang=${url.searchParams.get("lang")}`)) ?? (await shells.match(own));
    if (found) return found;
  }
  return (await shells.match("/offline")) ?? Response.error();
}

async function visit(event, url) {
  const waited = new Promise((done) => setTimeout(done, SLOW));
  const asked = fetch(event.request).catch(() => null);
  const answer = formAt(url) ? await Promise.race([asked, waited]) : await asked;
  return answer ?? withoutSignal(url);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(visit(event, url));
  else if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(event.request, { cacheName: STATIC }).then((found) => found ?? fetch(event.request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== Queue.CHANGED) return;
  event.waitUntil(Queue.sendAll().then((left) => {
    if (left) throw new Error("Some still wait."); // the browser then tries again
  }));
});
