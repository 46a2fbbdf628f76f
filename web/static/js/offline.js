// Writing without signal: a message is kept on this phone if the person says so, and the list shows what became of it.
// Every form with data-keep works so. Of staff a draft stays as well; of a resident (data-anybody) nothing stays without their yes.
// Without this, or without storage, a form is sent as any other.

const Offline = (() => {
  const part = (id) => document.getElementById(id);
  const form = document.querySelector("form[data-keep]");
  const anybody = form !== null && "anybody" in form.dataset;
  const words = (name) => document.querySelector(`template[data-state="${name}"], template[${name}]`)?.content.textContent ?? "";
  const DRAFT = "draft";
  const path = (address) => new URL(address, location).pathname;
  const here = form && path(form.action);
  let person = "";
  let pending = null;
  let sending = false;
  let turns = 0;
  let next = null;

  // ---- whose phone this is now ----

  async function meet() {
    if (document.body.dataset.person) {
      if ((await Queue.fact("person")) !== document.body.dataset.person) sessionStorage.clear();
      await Queue.remember("person", document.body.dataset.person);
    }
    person = anybody ? Queue.ANYBODY : (await Queue.fact("person")) ?? "";
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/sign-out")) return;
    sessionStorage.clear();
    Queue.remember("person", "");
  });

  // ---- the form ----

  const typed = (button) => Fields.typed(form, button);
  const fill = (fields) => Fields.fill(form, fields, anybody);

  function begin(key = newKey()) {
    delete form.dataset.replaces;
    form.elements.idempotency_key.value = key;
  }

  function saveDraft() {
    if (anybody) return;
    const fields = typed().filter(([name]) => name !== "idempotency_key");
    sessionStorage.setItem(DRAFT, JSON.stringify({ person, page: here, fields }));
  }

  function dropDraft() {
    if (!anybody) sessionStorage.removeItem(DRAFT);
  }

  function loadDraft() {
    if (anybody) return;
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
    if (draft && draft.person === person && draft.page === here && !document.querySelector(".govuk-error-summary")) fill(draft.fields);
  }

  // What the address says of a form that was kept without it: the area of a poster, the promise that somebody was reading.
  function readAddress() {
    const area = location.pathname.match(/\/tell\/([^/]+)$/)?.[1];
    if (area && form.elements.area) form.elements.area.value = decodeURIComponent(area);
    const promise = new URLSearchParams(location.search).get("promise");
    if (promise && !form.elements.promise) Fields.hide(form, "promise", promise);
  }

  // What this person chose last, for a form that was kept without anybody's data.
  async function recall() {
    if (anybody) {
      if ("isShell" in form.dataset) readAddress();
      return;
    }
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
    if (anybody) return;
    const name = `form ${person} ${here}`;
    const last = fields.filter(([field]) => ["area", "organisation", "language"].includes(field));
    await Queue.remember(name, { ...(await Queue.fact(name)), last });
  }

  function show(id) {
    for (const one of ["no-signal", "cannot-keep", "too-large"]) if (part(one)) part(one).hidden = one !== id;
    if (id) part(id).focus();
  }

  // A message that was written anew takes the place of the one before.
  async function replaced(key) {
    const before = form.dataset.replaces;
    if (before && before !== key) await Queue.drop(before);
    delete form.dataset.replaces;
  }

  async function submit(button) {
    const fields = typed(button);
    const key = form.elements.idempotency_key.value;
    const page = anybody ? form.getAttribute("action") : location.pathname;
    const row = { key, person, kind: form.dataset.keep, address: form.getAttribute("action"), page, answer: form.dataset.answer, fields };
    saveDraft();
    show(null);
    part("queue-news").textContent = anybody ? words("data-sending") : "";
    const said = await Queue.post(row);
    part("queue-news").textContent = "";
    if (said.state === "sent") {
      dropDraft();
      await replaced(key);
      if (anybody && (await Queue.get(key))) await Queue.drop(key);
      await rememberChoices(fields);
      if (!anybody) location.assign(said.next);
      else if (said.receipt) {
        const contact = form.elements.answer_me?.value !== "no" && form.elements.contact?.value; // the page asks for it only where none was given
        Fields.empty(form);
        Fields.goTo(form.action, [["code", said.receipt], ...(contact ? [["contact", contact]] : [])]);
      } else plainly(button); // there is no code: the server's page says what there is
      return;
    }
    wake(form);
    if (said.status === 413 && part("too-large")) show("too-large");
    else if (said.state !== "waiting" || said.later) plainly(button); // the server's own page says what is wrong, with everything typed
    else if (person && self.indexedDB) {
      pending = row;
      show("no-signal");
    } else show("cannot-keep");
  }

  function plainly(button) {
    wake(form);
    form.dataset.plainly = "";
    form.requestSubmit(button ?? undefined);
  }

  async function keepPending() {
    const row = pending;
    pending = null;
    if (!row) return;
    try {
      await Queue.keep(row);
    } catch {
      show("cannot-keep"); // the phone is full, or keeps nothing in this window
      return;
    }
    await replaced(row.key);
    await rememberChoices(row.fields);
    Fields.empty(form);
    begin();
    await recall();
    form.elements.body?.dispatchEvent(new Event("input", { bubbles: true }));
    dropDraft();
    show(null);
    part("queue-news").textContent = words("data-kept");
    await list();
    if (part("queue-more")) part("queue-more").open = true;
    part("queue").scrollIntoView({ block: "nearest" });
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register(Queue.CHANGED).catch(() => null);
  }

  function bind() {
    form.addEventListener("input", saveDraft);
    document.addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented || "plainly" in form.dataset) return;
      event.preventDefault();
      if (sending) return;
      sending = true;
      submit(event.submitter).catch(() => plainly(event.submitter)).finally(() => { sending = false; });
    });
    part("keep-it").addEventListener("click", keepPending);
    part("not-now").addEventListener("click", () => {
      pending = null;
      show(null);
    });
  }

  // ---- the list ----

  // A button that asks once more before something goes for good.
  function onSecondPress(button, work) {
    button.addEventListener("click", () => {
      if ("sure" in button.dataset) work();
      else {
        button.dataset.sure = "";
        button.textContent = words("data-sure");
      }
    });
  }

  function stateOf(row) {
    if (row.state === "waiting" && row.later > Date.now()) return words("busy");
    return (row.person === Queue.ANYBODY && words(`${row.state}-anybody`)) || words(row.state);
  }

  function shown(row) {
    const item = part("queue-row").content.cloneNode(true).querySelector("li");
    const at = (name) => item.querySelector(`[data-part="${name}"]`);
    const { lang } = document.documentElement;
    const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long" });
    const sent = row.state === "sent";
    at("state").textContent = stateOf(row);
    at("until").textContent = sent && !row.receipt ? "" : words("data-until").replace("{day}", day.format(row.at + Queue.LASTS));
    at("words").textContent = Fields.excerpt(row.fields);
    for (const { message } of row.errors ?? []) at("errors").append(Object.assign(document.createElement("li"), { textContent: message }));
    if (at("code")) {
      if (row.receipt) at("code").querySelector("bdi").textContent = row.receipt;
      else at("code").remove();
    }
    const fits = here === path(row.address);
    const open = at("open");
    open.href = `${row.page.replace(/^\/offline\/([^/]+)\//, "/staff/$1/")}#${row.key}`;
    const read = at("read");
    if (row.next) read.href = row.next;
    const offered = { "sign-in": row.state === "sign-in", read: sent && row.next, send: row.state === "waiting", answer: sent && row.receipt };
    offered.change = !sent && fits;
    offered.open = !sent && !fits;
    for (const name of ["sign-in", "read", "send", "change", "open", "answer"]) if (!offered[name]) at(name)?.remove();
    if (offered.send) at("send").addEventListener("click", send);
    if (offered.change) at("change").addEventListener("click", () => change(row));
    if (offered.answer) at("answer")?.addEventListener("click", () => readAnswer(row));
    if (sent && !row.receipt) at("delete").addEventListener("click", () => Queue.drop(row.key));
    else onSecondPress(at("delete"), () => Queue.drop(row.key));
    return item;
  }

  // Once it was opened, the code is not needed here any more: it goes in ten minutes, should the page not have come.
  async function readAnswer(row) {
    await Queue.change(row.key, { opened: Date.now() });
    Fields.goTo(row.answer, [["code", row.receipt], ["act", "read"]]);
  }

  // The words go back into the form. A resident's stay in the list until the new ones are sent or kept. The key stays too, so that a
  // message that had arrived after all is not sent a second time; unless the server has said that the key is used up.
  async function change(row) {
    fill(row.fields);
    if (anybody) {
      begin(row.status === 409 ? newKey() : row.key);
      form.dataset.replaces = row.key;
      await Queue.change(row.key, { state: "changing" });
    } else {
      begin();
      await Queue.drop(row.key);
    }
    saveDraft();
    form.elements.body?.focus();
  }

  async function list() {
    if (!part("queue")) return;
    const turn = ++turns;
    const rows = (await Queue.mine()).filter((row) => !form || row.kind === form.dataset.keep);
    if (turn !== turns) return; // asked again meanwhile: the later answer counts
    part("queue-rows").replaceChildren(...rows.map(shown));
    part("queue").hidden = rows.length === 0;
    await showHere();
    if (part("queue-count")) part("queue-count").textContent = rows.length;
    clearTimeout(next);
    const later = rows.map((row) => row.later).filter((moment) => moment > Date.now());
    if (later.length) next = setTimeout(send, Math.min(...later) - Date.now() + 500);
  }

  async function send() {
    const before = (await Queue.mine()).filter((row) => row.state === "sent").length;
    await Queue.sendAll().catch(() => null);
    await list();
    const after = (await Queue.mine()).filter((row) => row.state === "sent").length;
    if (anybody && after > before) part("queue-news").textContent = words("sent");
  }

  function bindList() {
    if (part("queue-all")) {
      onSecondPress(part("queue-all"), async () => {
        for (const row of await Queue.mine()) if (!form || row.kind === form.dataset.keep) await Queue.drop(row.key);
      });
    }
    self.addEventListener(Queue.CHANGED, list);
    if (Queue.news) Queue.news.onmessage = list;
    self.addEventListener("online", send);
    self.addEventListener("online", () => document.querySelector("[data-no-signal]")?.remove());
    document.addEventListener("visibilitychange", () => document.hidden || send());
  }

  // ---- what is kept for where there is no signal ----

  // The empty form in each language of the place, and the page that says "no signal": public, and kept by the service worker.
  async function keepShells() {
    if (!("serviceWorker" in navigator) || !self.caches) return;
    const isShell = form && "isShell" in form.dataset;
    if (document.body.dataset.person || (anybody && !isShell)) await navigator.serviceWorker.register("/sw.js");
    if (!form || isShell) return;
    const { shell, offline, shells } = form.dataset;
    const kept = [[shell, [shell, shell.split("?")[0]]], [offline, ["/offline"]]];
    for (const other of shells?.split(" ") ?? []) if (other && other !== shell) kept.push([other, [other]]);
    const worker = await navigator.serviceWorker.ready;
    worker.active.postMessage({ shells: kept });
  }

  async function showForms() {
    const found = part("logs");
    if (!found || !self.caches || !(await caches.has("said-shells"))) return;
    for (const request of await (await caches.open("said-shells")).keys()) {
      const address = new URL(request.url);
      const kept = address.search ? null : address.pathname.match(/^\/offline\/([^/]+)\/(log|tell)$/);
      if (!kept) continue;
      const href = kept[2] === "log" ? `/staff/${kept[1]}/log` : `/${kept[1]}/tell`;
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("a"), { href, textContent: words(`data-${kept[2]}`) }));
      found.append(item);
    }
  }

  // The same page at its own address is not there for want of signal: somebody looks what there is.
  async function showHere() {
    if (!part("no-page") || location.pathname !== "/offline") return;
    document.title = document.title.replace(part("no-page").textContent, words("data-here"));
    part("no-page").textContent = words("data-here");
    part("no-page-why").textContent = (await Queue.mine()).length ? "" : words("data-nothing");
    part("again")?.remove();
  }

  async function start() {
    if (!self.indexedDB) return;
    if (anybody) begin(); // before anything else: a kept page holds no key, an old one a key that is used up
    await meet();
    if (form) {
      if (!anybody) begin();
      await recall();
      const wanted = location.hash ? await Queue.get(location.hash.slice(1)) : null;
      if (wanted && wanted.person === person && wanted.state !== "sent") await change(wanted);
      else loadDraft();
      if (anybody && wanted) history.replaceState(history.state, "", location.pathname + location.search);
      bind();
      form.dataset.ready = "";
    }
    await showForms();
    await list();
    bindList();
    await keepShells().catch(() => null);
    await send();
  }

  return { started: start().catch(() => null) };
})();
