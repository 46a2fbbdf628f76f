// What in the words could tell who somebody is, said while they are typed. The patterns come with the page, from service/telling_marks.py;
// the server looks again when the words arrive.

const Marks = (() => {
  const DASH = /[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u058a\u1806]/;
  const SPACE = /[\u00a0\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2064\u2066-\u206f\u3000\u00ad\u061c\ufeff]/;
  const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0xff10];

  function letter(one) {
    const code = one.charCodeAt(0);
    if (code < 128) return one;
    const zero = ZEROS.find((found) => code >= found && code < found + 10);
    if (zero !== undefined) return String(code - zero);
    if (DASH.test(one)) return "-";
    if (SPACE.test(one)) return " ";
    return code > 0xff00 && code < 0xff5f ? String.fromCharCode(code - 0xfee0) : one;
  }

  function isNhsNumber(digits) {
    const sum = [...digits.slice(0, 9)].reduce((found, digit, place) => found + digit * (10 - place), 0);
    const rest = 11 - (sum % 11);
    return rest !== 10 && rest % 11 === Number(digits[9]);
  }

  function isOne(code, match, text, year, rules) {
    if (code === "nhs_checked") return isNhsNumber(match[0].replace(/[^0-9]/g, ""));
    if (code === "ni") return !rules.noPrefix.includes(match[0].slice(0, 2).toUpperCase());
    if (!code.startsWith("date")) return true;
    const figures = Number(match[1]);
    const whole = figures >= 100 ? figures : year - ((((year - figures) % 100) + 100) % 100);
    return year - whole >= rules.oldAfter || new RegExp(rules.born).test(text.slice(0, match.index));
  }

  const NAMES = { nhs: "nhs_number", ni: "ni_number", date: "birth_date" };

  function find(text, year, rules) {
    const plain = [...text].map((one) => (one.length === 1 ? letter(one) : one)).join("");
    const nameless = [...rules.known].sort((one, other) => other.length - one.length)
      .reduce((found, name) => (name ? found.replaceAll(name, ".".repeat(name.length)) : found), plain);
    const taken = [];
    for (const [code, pattern] of Object.entries(rules.patterns)) {
      const first = code.split("_")[0];
      for (const match of (first === "name" ? nameless : plain).matchAll(new RegExp(pattern, "g"))) {
        const found = { mark: NAMES[first] ?? first, start: match.index, end: match.index + match[0].length };
        if (isOne(code, match, plain, year, rules) && !taken.some((one) => found.start < one.end && one.start < found.end)) taken.push(found);
      }
    }
    return taken.sort((one, other) => one.start - other.start);
  }

  // ---- the warning ----

  const holder = document.querySelector("[data-telling]");
  const box = document.getElementById("telling");
  if (!holder || !box) return { find };
  const rules = JSON.parse(holder.dataset.telling);
  const form = holder.closest("form");
  const list = document.getElementById("telling-words");
  const fine = form.elements.fine;
  let waiting = 0;
  let before = list.textContent.trim() ? null : "";

  function found() {
    const year = new Date().getFullYear();
    const texts = ["body", "title", "barrier_words"].map((name) => form.elements[name]?.value ?? "");
    return texts.flatMap((text) => find(text, year, rules).map(({ mark, start, end }) => [mark, text.slice(start, end)]));
  }

  function row([mark, words]) {
    const item = document.createElement("li");
    const quoted = document.createElement("q");
    quoted.append(Object.assign(document.createElement("bdi"), { textContent: words }));
    item.append(quoted, ": ", document.querySelector(`template[data-mark="${mark}"]`).content.textContent.trim());
    return item;
  }

  // Another name than those that were said to be fine is asked about anew.
  function look() {
    const marks = found();
    const now = marks.map((mark) => mark.join(" ")).join("\n");
    if (before !== null && now === before) return marks.length > 0;
    if (before !== null && now) fine.checked = false;
    before = now;
    list.replaceChildren(...marks.map(row));
    box.hidden = marks.length === 0;
    if (box.hidden) fine.checked = false;
    return marks.length > 0;
  }

  form.addEventListener("input", (event) => {
    if (event.target === fine) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  });

  // Before anything is sent or kept: it works without signal as well.
  form.addEventListener("submit", (event) => {
    if (!look() || fine.checked) return;
    event.preventDefault();
    setTimeout(() => wake(form));
    box.scrollIntoView({ block: "center" });
    fine.focus();
  });

  return { find };
})();
