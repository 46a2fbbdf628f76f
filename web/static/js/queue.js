// The offline queue: what waits on this phone until it can be sent. Pages and the service worker both run this, and nothing else sends it.
//
// A row is {key, person, kind, address, page, answer, fields: [[name, value], ...], at, state, errors, next, receipt, later, opened}. `key` is
// made in the page for each message, and the server takes a key once: a message that is sent twice arrives once. `person` says whose words
// they are: a mark of whoever was signed in, or ANYBODY for a resident, who has no name here. A value may be a file.

const Queue = (() => {
  const LASTS = 7 * 24 * 60 * 60 * 1000;
  const AFTER_OPENED = 10 * 60 * 1000;
  const PATIENCE = 20000;
  const PATIENCE_WITH_FILES = 90000;
  const LONGEST_WAIT = 60 * 60;
  const CHANGED = "said-queue";
  const ANYBODY = "anybody";
  const news = self.BroadcastChannel ? new BroadcastChannel(CHANGED) : null;

  // ---- the store on this phone ----

  // Looking makes no store: where nobody has kept anything, nothing is left behind.
  function opened(make) {
    return new Promise((done, failed) => {
      const asked = indexedDB.open("said", 1);
      asked.onupgradeneeded = () => {
        if (!make) {
          asked.transaction.abort();
          return;
        }
        asked.result.createObjectStore("rows", { keyPath: "key" });
        asked.result.createObjectStore("facts");
      };
      asked.onsuccess = () => done(asked.result);
      asked.onblocked = () => failed(asked.error);
      asked.onerror = (event) => {
        event.preventDefault();
        if (!make && asked.error?.name === "AbortError") done(null);
        else failed(asked.error);
      };
    });
  }

  async function within(name, mode, work) {
    const database = await opened(mode === "readwrite");
    if (!database) return undefined;
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
  const all = async () => (await within("rows", "readonly", (store) => store.getAll())) ?? [];

  function tell() {
    news?.postMessage("");
    self.dispatchEvent?.(new Event(CHANGED));
  }

  async function keep(row) {
    await put({ at: Date.now(), state: "waiting", errors: [], ...row });
    tell();
  }

  // The last row takes the store with it.
  async function drop(key) {
    if (await get(key)) await within("rows", "readwrite", (store) => store.delete(key));
    const left = (await within("rows", "readonly", (store) => store.count())) ?? 1;
    const known = (await within("facts", "readonly", (store) => store.count())) ?? 1;
    if (left + known === 0) indexedDB.deleteDatabase("said");
    tell();
  }

  async function change(key, facts) {
    const row = await get(key);
    if (row) await put({ ...row, ...facts });
    tell();
  }

  // What a resident kept is shown and sent whoever holds the phone. Of staff, only whoever is signed in sees and sends their own.
  async function mine() {
    const person = await fact("person");
    const rows = await all();
    return rows.filter((row) => row.person === ANYBODY || (person && row.person === person)).sort((one, other) => one.at - other.at);
  }

  async function forgetOld() {
    const now = Date.now();
    for (const row of await all()) {
      if (now - row.at >= LASTS || (row.opened && now - row.opened >= AFTER_OPENED)) await drop(row.key);
    }
  }

  // ---- sending ----

  const isFile = (value) => value instanceof Blob;

  function bodyOf(fields) {
    const sent = fields.filter(([, value]) => !isFile(value) || value.size > 0);
    if (!sent.some(([, value]) => isFile(value))) return new URLSearchParams(sent);
    const form = new FormData();
    for (const [name, value] of sent) {
      if (isFile(value)) form.append(name, value, value.name);
      else form.append(name, value);
    }
    return form;
  }

  // "Come back in so many seconds", or on a date; never longer than an hour, whatever is asked.
  function wait(header) {
    const seconds = /^\d+$/.test(header ?? "") ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
    return Date.now() + Math.min(Math.max(seconds || 30, 1), LONGEST_WAIT) * 1000;
  }

  // What the server says of one message. Only an answer that names this very key says that it has it:
  // a login page of the café's network says "200 OK" as well.
  async function post(row) {
    const stop = new AbortController();
    const patience = row.fields.some(([, value]) => isFile(value) && value.size) ? PATIENCE_WITH_FILES : PATIENCE;
    const timer = setTimeout(() => stop.abort(), patience);
    try {
      const answer = await fetch(row.address, {
        method: "POST",
        body: bodyOf(row.fields),
        headers: { "Said-Queue": row.person },
        credentials: "same-origin",
        redirect: "manual",
        cache: "no-store",
        signal: stop.signal,
      });
      const said = await answer.json().catch(() => null);
      const { status } = answer;
      if (answer.ok && said?.kept === row.key) return { state: "sent", next: said.next, receipt: said.receipt };
      if (status === 401 && row.person !== ANYBODY) return { state: "sign-in" };
      if (status === 404 || status === 410) return { state: "refused" };
      if ([400, 409, 413, 415, 422].includes(status)) return { state: "failed", status, errors: said?.errors ?? [] };
      if (status === 429 || status === 503) return { state: "waiting", stop: true, status, later: wait(answer.headers.get("Retry-After")) };
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
      for (const { key, state, later } of await mine()) {
        if (state !== "waiting" && state !== "sign-in") continue;
        if (later > Date.now()) continue;
        const row = await get(key);
        if (!row || row.state !== state) continue;
        if (row.person !== ANYBODY && row.person !== (await fact("person"))) continue;
        const { stop, ...said } = await post(row);
        const kept = await get(key);
        if (!kept) continue; // deleted while it was on its way
        if (said.state === "sent") await put({ ...kept, ...said, fields: [], errors: [], at: Date.now() });
        else if (kept.state === state) await put({ ...kept, later: undefined, ...said });
        tell();
        if (stop || said.state === "sign-in") break;
      }
      return (await mine()).filter((row) => row.state === "waiting").length;
    });
  }

  return { ANYBODY, CHANGED, LASTS, all, change, drop, fact, get, isFile, keep, mine, news, post, remember, sendAll };
})();
