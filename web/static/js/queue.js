// The offline queue: what waits on this phone until it can be sent. Pages and the service worker both run this, and nothing else sends it.
//
// A row is {key, person, kind, address, page, fields: [[name, value], ...], at, state, errors, next}. `key` is made in the page for each
// message, and the server takes a key once: a message that is sent twice arrives once. `person` says whose words they are.

const Queue = (() => {
  const LASTS = 7 * 24 * 60 * 60 * 1000;
  const PATIENCE = 20000;
  const CHANGED = "said-queue";
  const news = self.BroadcastChannel ? new BroadcastChannel(CHANGED) : null;

  // ---- the store on this phone ----

  function opened() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open("said", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("rows", { keyPath: "key" });
        asked.result.createObjectStore("facts");
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => failed(asked.error);
    });
  }

  async function within(name, mode, work) {
    const database = await opened();
    try {
      return await new Promise((done, failed) => {
        const transaction = database.transaction(name, mode);
        const asked = work(transaction.objectStore(name));
        transaction.oncomplete = () => done(asked.result);
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const fact = (name) => within("facts", "readonly", (store) => store.get(name));
  const remember = (name, value) => within("facts", "readwrite", (store) => store.put(value, name));
  const put = (row) => within("rows", "readwrite", (store) => store.put(row));
  const get = (key) => within("rows", "readonly", (store) => store.get(key));

  function tell() {
    news?.postMessage("");
    self.dispatchEvent?.(new Event(CHANGED));
  }

  async function keep(row) {
    await put({ at: Date.now(), state: "waiting", errors: [], ...row });
    tell();
  }

  async function drop(key) {
    await within("rows", "readwrite", (store) => store.delete(key));
    tell();
  }

  // Whoever is signed in: their own rows alone are shown, and sent. Nobody: none are.
  async function mine() {
    const person = await fact("person");
    const rows = await within("rows", "readonly", (store) => store.getAll());
    return rows.filter((row) => person && row.person === person).sort((one, other) => one.at - other.at);
  }

  async function forgetOld() {
    const rows = await within("rows", "readonly", (store) => store.getAll());
    for (const row of rows.filter((found) => Date.now() - found.at >= LASTS)) await drop(row.key);
  }

  // ---- sending ----

  // What the server says of one message. Only an answer that names this very key says that it has it:
  // a login page of the café's network says "200 OK" as well.
  async function post(row) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(row.address, {
        method: "POST",
        body: new URLSearchParams(row.fields),
        headers: { "Said-Queue": row.person },
        credentials: "same-origin",
        redirect: "manual",
        cache: "no-store",
        signal: stop.signal,
      });
      const said = await answer.json().catch(() => null);
      if (answer.ok && said?.kept === row.key) return { state: "sent", next: said.next };
      if (answer.status === 401) return { state: "sign-in" };
      if (answer.status === 403) return { state: "waiting", stop: true };
      if (answer.status === 404) return { state: "refused" };
      if ([400, 409, 413, 422].includes(answer.status)) return { state: "failed", errors: said?.errors ?? [] };
      return { state: "waiting", stop: true };
    } catch {
      return { state: "waiting", stop: true };
    } finally {
      clearTimeout(timer);
    }
  }

  const alone = (work) => (navigator.locks ? navigator.locks.request(CHANGED, work) : work());

  // Sends what waits, one after the other, the oldest first. Two tabs and the service worker never send at once.
  function sendAll() {
    return alone(async () => {
      await forgetOld();
      for (const { key, state } of await mine()) {
        if (state !== "waiting" && state !== "sign-in") continue;
        const row = await get(key);
        if (!row || row.person !== (await fact("person"))) continue;
        const { stop, ...said } = await post(row);
        const kept = await get(key);
        if (!kept) continue; // deleted while it was on its way
        if (said.state === "sent") await put({ ...kept, ...said, fields: [], errors: [], at: Date.now() });
        else await put({ ...kept, ...said });
        tell();
        if (stop || said.state === "sign-in") break;
      }
      return (await mine()).filter((row) => row.state === "waiting").length;
    });
  }

  return { CHANGED, LASTS, drop, fact, get, keep, mine, news, post, remember, sendAll };
})();
