// Keys for the list of what waits. They work only while the focus is in the list, and can be switched off.

const SWITCH = "said-inbox-keys";

function areOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

function links() {
  return [...document.querySelectorAll("#rows a[id^=open-]")];
}

function step(item, by) {
  const all = links();
  const here = all.findIndex((link) => item !== null && item.contains(link));
  const to = all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)];
  to?.focus();
  to?.closest(".item").scrollIntoView({ block: "nearest" });
}

const ACTS = {
  j: (item) => step(item, 1),
  ArrowDown: (item) => step(item, 1),
  k: (item) => step(item, -1),
  ArrowUp: (item) => step(item, -1),
  x: (item) => item?.querySelector(".mark input")?.click(),
  "?": () => {
    const help = document.getElementById("keys");
    help.open = true;
    help.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const act = Object.hasOwn(ACTS, key) ? ACTS[key] : null;
  if (!act || event.ctrlKey || event.altKey || event.metaKey || !target.closest("#rows") || !areOn()) return;
  if (target.matches("textarea, select, input:not([type=checkbox])")) return;
  event.preventDefault();
  act(target.closest(".item"));
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "keys-on") return;
  try {
    localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  } catch {
    // Without a store they are on until the page is left.
  }
});

// Marking the whole page needs no other page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-mark-all]");
  if (!link) return;
  event.preventDefault();
  const boxes = [...document.querySelectorAll("#rows .mark input")];
  const all = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = all;
});

function prepare() {
  for (const link of document.querySelectorAll(".filters [aria-current]")) {
    const row = link.closest(".filters");
    row.scrollLeft += link.getBoundingClientRect().left - row.getBoundingClientRect().left - 16;
  }
  const keys = document.getElementById("keys-on");
  if (!keys) return;
  keys.checked = areOn();
  document.getElementById("keys").hidden = false;
}

prepare();
document.addEventListener("htmx:after:swap", prepare);
