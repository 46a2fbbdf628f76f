// Leave this page: covers it at once, empties it, and goes to a harmless page in its stead, so that Back does not lead to it.
// The link, or Shift three times. Without this it is a plain link.

(() => {
  const link = document.querySelector("[data-leave]");
  if (!link) return;
  const news = document.getElementById("leave-news");
  const TIMES = 3;
  const WITHIN = 5000;
  let left = false;
  let pressed = 0;
  let alone = false;
  let timer = null;

  function leave(event) {
    event?.preventDefault();
    const first = !left;
    left = true;
    document.documentElement.classList.add("left");
    document.title = link.host;
    if (first) {
      for (const field of document.querySelectorAll("textarea, input")) if (field.type !== "radio" && field.type !== "checkbox") field.value = "";
      const cover = Object.assign(document.createElement("p"), { className: "vh", textContent: link.dataset.leaving });
      cover.setAttribute("role", "alert");
      document.body.replaceChildren(cover);
    }
    location.replace(link.href);
  }

  link.addEventListener("click", leave);

  function forget() {
    clearTimeout(timer);
    if (pressed && news) news.textContent = "";
    pressed = 0;
  }

  // Shift with a letter is a capital, and does not count.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      alone = false;
      forget();
    } else if (!event.repeat) alone = true;
  });

  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone || left) return;
    alone = false;
    pressed += 1;
    clearTimeout(timer);
    if (pressed >= TIMES) leave();
    else {
      if (news) news.textContent = pressed === 1 ? link.dataset.two : link.dataset.one;
      timer = setTimeout(forget, WITHIN);
    }
  });

  // Some browsers keep a page whole for their back button. One that was left is empty, and leads away once more.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && left) leave();
  });
})();
