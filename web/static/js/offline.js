// Writing without signal: the draft stays, a message is kept on this phone if the person says so, and the list shows what became of it.
// Every form with data-keep works so. Without this, or without storage, it is sent as any other form.

const Offline = (() => {
  const part = (id) => document.getElementById(id);
  const form = document.querySelector("form[data-keep]");
  const words = (name) => document.querySelector(`template[data-state="${name}"], template[${name}]`)?.content.textContent ?? "";
  const DRAFT = "draft";
  const path = (address) => new URL(address, location).pathname;
  const here = form && path(form.action);
  let person = "";
  let pending = null;
  let turns = 0;

  // ---- whose phone this is now ----

  async function meet() {
    if (document.body.dataset.person) {
      if ((await Queue.fact("person")) !== document.body.dataset.person) sessionStorage.clear();
      await Queue.remember("person", document.body.dataset.person);
    }
    person = (await Queue.fact("person")) ?? "";
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/sign-out")) return;
    sessionStorage.clear();
    Queue.remember("person", "");
  });

  // ---- the form ----

  const typed = (button) => [...new FormData(form), ...(button?.name ? [[button.name, button.value]] : [])];

  function fill(fields) {
    for (const field of form.elements) {
      if (!field.name || field.name === "idempotency_key") continue;
      const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.tagName !== "BUTTON") field.value = values[0] ?? "";
    }
    form.elements.body?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function begin() {
    form.elements.idempotency_key.value = newKey();
  }

  function saveDraft() {
    const fields = typed().filter(([name]) => name !== "idempotency_key");
    sessionStorage.setItem(DRAFT, JSON.stringify({ person, page: here, fields }));
  }

  function loadDraft() {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
    if (draft && draft.person === person && draft.page === here && !document.querySelector(".govuk-error-summary")) fill(draft.fields);
  }

  // What this person chose last, for a form that was kept without anybody's data.
  async function recall() {
    const { place, organisations, last } = (await Queue.fact(`form ${person} ${here}`)) ?? {};
    if ("isShell" in form.dataset) {
      const now = new Date();
      const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((figure) => String(figure).padStart(2, "0")).join("-");
      for (const field of form.querySelectorAll("input[type=date]")) field.value = today;
      for (const [name, value] of last ?? []) {
        const field = form.elements[name];
        if (field) field.value = value;
      }
      const several = form.querySelector("[data-if-several]");
      if (several && organisations?.length > 1) {
        several.hidden = false;
        for (const option of [...several.querySelectorAll("option")]) if (option.value && !organisations.includes(option.value)) option.remove();
      }
    } else {
      await Queue.remember(`form ${person} ${here}`, { place, organisations: form.dataset.organisations?.split(" ") ?? [], last: last ?? [] });
    }
  }

  async function rememberChoices(fields) {
    const name = `form ${person} ${here}`;
    const last = fields.filter(([field]) => ["area", "organisation", "language"].includes(field));
    await Queue.remember(name, { ...(await Queue.fact(name)), last });
  }

  function show(id) {
    for (const one of ["no-signal", "cannot-keep"]) part(one).hidden = one !== id;
    if (id) part(id).focus();
  }

  async function submit(button) {
    const fields = typed(button);
    const key = form.elements.idempotency_key.value;
    const row = { key, person, kind: form.dataset.keep, address: form.getAttribute("action"), page: location.pathname, fields };
    saveDraft();
    const said = await Queue.post(row);
    wake(form);
    if (said.state === "sent") {
      sessionStorage.removeItem(DRAFT);
      await rememberChoices(fields);
      location.assign(said.next);
    } else if (said.state !== "waiting") {
      plainly(button); // the server's own page says what is wrong, with everything that was typed
    } else if (person) {
      pending = row;
      show("no-signal");
    } else {
      show("cannot-keep");
    }
  }

  function plainly(button) {
    wake(form);
    form.dataset.plainly = "";
    form.requestSubmit(button ?? undefined);
  }

  function bind() {
    form.addEventListener("input", saveDraft);
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || "plainly" in form.dataset) return;
      event.preventDefault();
      submit(event.submitter).catch(() => plainly(event.submitter));
    });
    part("keep-it").addEventListener("click", async () => {
      await Queue.keep(pending);
      await rememberChoices(pending.fields);
      pending = null;
      sessionStorage.removeItem(DRAFT);
      form.reset();
      begin();
      await recall();
      form.elements.body?.dispatchEvent(new Event("input", { bubbles: true }));
      sessionStorage.removeItem(DRAFT);
      show(null);
      part("queue-news").textContent = words("data-kept");
      await list();
      part("queue").scrollIntoView({ block: "nearest" });
      const worker = await navigator.serviceWorker?.getRegistration();
      await worker?.sync?.register(Queue.CHANGED).catch(() => null);
    });
    part("not-now").addEventListener("click", () => {
      pending = null;
      show(null);
    });
  }

  // ---- the list ----

  function excerpt(row) {
    const text = row.fields.find(([name]) => name === "body")?.[1] ?? "";
    return text.length > 120 ? `${text.slice(0, 120)}\u2026` : text;
  }

  function shown(row) {
    const item = part("queue-row").content.cloneNode(true).querySelector("li");
    const at = (name) => item.querySelector(`[data-part="${name}"]`);
    const { lang } = document.documentElement;
    const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long" });
    at("state").textContent = words(row.state);
    at("until").textContent = row.state === "sent" ? "" : words("data-until").replace("{day}", day.format(row.at + Queue.LASTS));
    at("words").textContent = excerpt(row);
    for (const { message } of row.errors ?? []) at("errors").append(Object.assign(document.createElement("li"), { textContent: message }));
    const fits = here === path(row.address);
    const open = at("open");
    open.href = `${row.page.replace(/^\/offline\/([^/]+)\//, "/staff/$1/")}#${row.key}`;
    const read = at("read");
    if (row.next) read.href = row.next;
    const offered = { "sign-in": row.state === "sign-in", read: row.state === "sent" && row.next, send: row.state === "waiting" };
    offered.change = row.state !== "sent" && fits;
    offered.open = row.state !== "sent" && !fits;
    for (const name of ["sign-in", "read", "send", "change", "open"]) if (!offered[name]) at(name).remove();
    if (offered.send) at("send").addEventListener("click", send);
    if (offered.change) at("change").addEventListener("click", () => change(row));
    at("delete").addEventListener("click", ({ target }) => {
      if (row.state === "sent" || "sure" in target.dataset) Queue.drop(row.key);
      else {
        target.dataset.sure = "";
        target.textContent = words("data-sure");
      }
    });
    return item;
  }

  async function change(row) {
    fill(row.fields);
    begin();
    await Queue.drop(row.key);
    saveDraft();
    form.elements.body?.focus();
  }

  async function list() {
    if (!part("queue")) return;
    const turn = ++turns;
    const rows = await Queue.mine();
    if (turn !== turns) return; // asked again meanwhile: the later answer counts
    part("queue-rows").replaceChildren(...rows.map(shown));
    part("queue").hidden = rows.length === 0;
  }

  async function send() {
    await Queue.sendAll().catch(() => null);
    await list();
  }

  // ---- what is kept for where there is no signal ----

  async function keepShells() {
    if (!("serviceWorker" in navigator) || !self.caches) return;
    if (document.body.dataset.person) await navigator.serviceWorker.register("/sw.js");
    if (!form || "isShell" in form.dataset) return;
    const shells = await caches.open("said-shells");
    const { shell, offline } = form.dataset;
    for (const [address, names] of [[shell, [shell, shell.split("?")[0]]], [offline, ["/offline"]]]) {
      const answer = await fetch(address, { cache: "no-store" });
      if (answer.ok && !answer.redirected) for (const name of names) await shells.put(name, answer.clone());
    }
  }

  async function showLogs() {
    const found = part("logs");
    if (!found || !self.caches) return;
    for (const request of await (await caches.open("said-shells")).keys()) {
      const log = new URL(request.url);
      const place = log.search ? null : log.pathname.match(/^\/offline\/([^/]+)\/log$/);
      if (!place) continue;
      const link = Object.assign(document.createElement("a"), { href: `/staff/${place[1]}/log`, textContent: words("data-log") });
      const item = document.createElement("li");
      item.append(link);
      found.append(item);
    }
  }

  async function start() {
    if (!self.indexedDB) return;
    await meet();
    if (form) {
      begin();
      await recall();
      const wanted = location.hash ? await Queue.get(location.hash.slice(1)) : null;
      if (wanted && wanted.person === person && wanted.state !== "sent") await change(wanted);
      else loadDraft();
      bind();
      form.dataset.ready = "";
    }
    await showLogs();
    await list();
    self.addEventListener(Queue.CHANGED, list);
    if (Queue.news) Queue.news.onmessage = list;
    self.addEventListener("online", send);
    document.addEventListener("visibilitychange", () => document.hidden || send());
    await keepShells().catch(() => null);
    await send();
  }

  return { started: start().catch(() => null) };
})();
