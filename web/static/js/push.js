// The service worker's part of notices: shows that there is news, and opens the page for the code. The words came sealed for this browser.

self.addEventListener("push", (event) => {
  const { title, to } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { tag: "said-news", data: { to } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const wanted = new URL(event.notification.data.to, self.location.origin);
    if (wanted.origin !== self.location.origin) return;
    const open = await self.clients.matchAll({ type: "window" });
    const there = open.find((one) => new URL(one.url).pathname === wanted.pathname);
    await (there ? there.focus() : self.clients.openWindow(wanted.href));
  })());
});
