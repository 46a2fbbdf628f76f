// On the way to another login and back there is nothing to decide: go on.

const next = document.querySelector("[data-go]");

if (next instanceof HTMLFormElement) next.requestSubmit();
else if (next) location.replace(next.href);
