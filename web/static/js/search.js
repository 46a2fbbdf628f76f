// The key / goes to the search box. It can be switched off, with the same switch as the keys of the inbox.

const SWITCH = "said-inbox-keys";
const box = document.querySelector(".search input[type=search]");
const choice = document.getElementById("keys-on");

function areOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || !areOn()) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  event.preventDefault();
  box.focus();
  box.select();
});

choice.addEventListener("change", () => {
  try {
    localStorage.setItem(SWITCH, choice.checked ? "on" : "off");
  } catch {
    // Without a store it is on until the page is left.
  }
});

choice.checked = areOn();
document.getElementById("keys").hidden = false;
