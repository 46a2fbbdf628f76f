// Small behaviours. Every page works without them.

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// This page may come of a form that held a code. Without this the browser keeps the request, code and all, with its open tabs.
if ("forget" in document.body.dataset) history.replaceState(null, "");

// A form came back with something missing: take the reader to what it says.
function showErrors() {
  const summary = document.querySelector(".govuk-error-summary");
  if (!summary) return;
  summary.focus();
  const prefix = document.body.dataset.errorPrefix;
  if (prefix && !document.title.startsWith(prefix)) document.title = `${prefix} ${document.title}`;
}

showErrors();
document.addEventListener("htmx:after:swap", showErrors);

// A resident's form is light until somebody writes in it: then comes what keeps a message on the phone where there is no signal.
// Earlier where the site is on the phone's first screen, or was written on before.
const light = document.querySelector("form[data-scripts]");
let brought = null;

function bring(addresses) {
  return Promise.all(addresses.map((src) => new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src, async: false, onload: done, onerror: failed });
    document.head.append(script);
  })));
}

function arm() {
  brought ??= bring(light.dataset.scripts.split(" ")).then(() => Offline.started).catch(() => { brought = null; });
  return brought;
}

if (light) {
  for (const touch of ["focusin", "pointerdown", "input"]) light.addEventListener(touch, arm, { once: true });
  if (navigator.serviceWorker?.controller || matchMedia("(display-mode: standalone)").matches) arm();
  document.addEventListener("submit", (event) => {
    if (event.target !== light || "ready" in light.dataset || "tried" in light.dataset) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const again = () => light.requestSubmit(event.submitter ?? undefined);
    arm().then(() => {
      light.dataset.tried = ""; // without it the next press sends the form as any other
      if ("ready" in light.dataset) again();
      else document.getElementById("cannot-keep").hidden = false;
    });
  }, true);
}

// Two taps on Send are one message. The button rests only after the browser has read the form,
// and never for good: a lost connection must not leave a dead button.
const REST = 8000;

function rest(form) {
  form.dataset.sent = "";
  setTimeout(() => setButtons(form, true));
  setTimeout(() => wake(form), REST);
}

function wake(form) {
  delete form.dataset.sent;
  setButtons(form, false);
}

function setButtons(form, disabled) {
  for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = disabled;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    rest(form);
  }
}, true);

document.addEventListener("htmx:finally:request", () => document.querySelectorAll("form[data-once]").forEach(wake));

// A page fetched from the back/forward cache holds the key of a message already sent.
// A new message needs a new key, or the server would take it for the old one.
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

window.addEventListener("pageshow", (event) => {
  document.querySelectorAll("form[data-once]").forEach(wake);
  const cameBack = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (!cameBack) return;
  for (const key of document.querySelectorAll("input[name=idempotency_key][data-fresh]")) key.value = newKey();
});

// Something may wait on this phone: it is sent from any page, and a link leads to it. Looking for it leaves nothing behind.
const keptHere = document.getElementById("kept-here");

async function showKept() {
  const stores = await indexedDB.databases();
  if (!stores.some(({ name }) => name === "said")) return;
  keptHere.hidden = false;
  if (document.querySelector(`script[src="${keptHere.dataset.queue}"]`)) return;
  if (light) await arm();
  else await bring([keptHere.dataset.queue]).then(() => Queue.sendAll());
}

if (keptHere && self.indexedDB?.databases) showKept().catch(() => null);

// A list that looks now and then whether something has changed. It keeps still under somebody's hand.
let looked = null;

function isInHand(list) {
  return document.hidden || list.querySelector(".ilist input[type=checkbox]:checked, select:focus, input[type=text]:focus") !== null;
}

document.addEventListener("htmx:before:request", (event) => {
  const list = event.detail.ctx.sourceElement;
  if (list.matches("[data-live]") && isInHand(list)) event.preventDefault();
});

// Signed out meanwhile, or moved: what is there now is a page of its own, not a part of this one.
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (!raw.redirected) return;
  event.preventDefault();
  location.assign(raw.url);
});

document.addEventListener("htmx:before:swap", (event) => {
  const list = event.detail.ctx.sourceElement;
  if (!list.matches("[data-live]")) return;
  if (isInHand(list)) {
    event.preventDefault();
    return;
  }
  looked = { open: [...list.querySelectorAll("details")].map((one) => one.open) };
});

document.addEventListener("htmx:after:swap", () => {
  const list = document.querySelector("[data-live]");
  if (!looked || !list) return;
  list.querySelectorAll("details").forEach((one, number) => { one.open = one.open || Boolean(looked.open[number]); });
  looked = null;
  const said = document.getElementById("live-news");
  if (said) said.textContent = list.querySelector("h1").textContent.trim();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.querySelector("[data-live]")?.dispatchEvent(new Event("look"));
});

// The Enter key on a mark would press the first button of the form.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".mark input")) event.preventDefault();
});
