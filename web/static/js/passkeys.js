// Passkeys: the browser makes one or asks for one, and the form carries its answer. Without this the forms stay hidden; a link does instead.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// The binary parts of an answer, as text. Not every browser has toJSON yet.
function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function ask(form) {
  const answer = await fetch(form.dataset.passkey, { method: "POST" });
  if (!answer.ok) throw new Error("refused");
  const publicKey = await answer.json();
  publicKey.challenge = bytes(publicKey.challenge);
  if (!publicKey.user) return navigator.credentials.get({ publicKey });
  publicKey.user.id = bytes(publicKey.user.id);
  for (const known of publicKey.excludeCredentials ?? []) known.id = bytes(known.id);
  return navigator.credentials.create({ publicKey });
}

// Signs in without leaving the page, which holds what somebody wrote.
async function stay(form) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok || !answer.redirected) throw new Error("refused");
  form.hidden = true;
  document.querySelector("[data-signed-in]").hidden = false;
  document.getElementById("send-again").focus();
}

// At a bare number browsers make no passkeys.
const named = !/^[\d.]+$|:/.test(location.hostname);

for (const form of window.PublicKeyCredential && named ? document.querySelectorAll("form[data-passkey]") : []) {
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-failed]");
  form.hidden = false;
  for (const words of document.querySelectorAll("[data-without-passkeys]")) words.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    failed.hidden = true;
    try {
      form.elements.credential.value = written(await ask(form));
      if ("stay" in form.dataset) await stay(form);
      else form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
