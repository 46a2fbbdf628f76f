// The page with the code, and the answer: keeping the picture, and being told on this phone that there is news.
// Nothing is asked of the browser before the person presses a button.

const picture = document.getElementById("code-picture");
const save = document.getElementById("save-picture");

if (picture && save) {
  save.hidden = false;
  save.addEventListener("click", () => {
    const bytes = Uint8Array.from(atob(picture.src.split(",")[1]), (letter) => letter.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    link.download = save.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}

// Fetched from the browser's memory by Back: a page with a code is not shown again.
if (document.querySelector("[data-code-page]")) {
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelector("main").replaceChildren();
    location.replace(document.querySelector("#push-form").action);
  });
}

const Push = (() => {
  const form = document.getElementById("push-form");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return {};

  const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  // A browser has one subscription of a site. One that an older key of the server asked for is given up for a new one.
  async function subscription() {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
    await navigator.serviceWorker.register("/sw.js");
    const { pushManager } = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytesOf(form.dataset.push) };
    return pushManager.subscribe(options).catch(async () => {
      await (await pushManager.getSubscription())?.unsubscribe();
      return pushManager.subscribe(options);
    });
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.subscription.value) return;
    event.preventDefault();
    subscription().then((found) => {
      form.elements.subscription.value = JSON.stringify(found);
      wake(form);
      form.requestSubmit();
    }).catch(() => {
      wake(form);
      document.getElementById("push-no").hidden = false;
    });
  });

  return { subscription };
})();
