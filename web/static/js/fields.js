// What stands in a form: read, filled in again, emptied; and a way to a page that only a POST shows.

const Fields = (() => {
  const typed = (form, button) => [...new FormData(form), ...(button?.name ? [[button.name, button.value]] : [])];

  function hide(form, name, value) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }

  function attach(field, files) {
    const given = new DataTransfer();
    for (const file of files) if (file.size) given.items.add(file);
    field.files = given.files;
  }

  // The key of the form stays its own. `more`: what has no field here is sent along unseen.
  function fill(form, fields, more) {
    for (const field of form.elements) {
      if (!field.name || field.name === "idempotency_key") continue;
      const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "file") attach(field, values.filter((value) => value instanceof Blob));
      else if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.tagName !== "BUTTON") field.value = values[0] ?? "";
    }
    if (more) for (const [name, value] of fields) if (!form.elements[name]) hide(form, name, value);
    form.elements.body?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Nothing that was typed is left in the page: it may come back by the back button.
  function empty(form) {
    form.reset();
    for (const field of form.elements) if (field.tagName === "TEXTAREA" || ["text", "email", "tel"].includes(field.type)) field.value = "";
  }

  // The beginning of what was written; of a message of pictures alone, their names.
  function excerpt(fields) {
    const words = ["body", "want", "have", "gap"].map((field) => fields.find(([name]) => name === field)?.[1]).find(Boolean);
    const text = words ?? fields.filter(([, value]) => value instanceof Blob && value.size).map(([, file]) => file.name).join(", ");
    return text.length > 120 ? `${text.slice(0, 120)}\u2026` : text;
  }

  // A code stands in no address.
  function goTo(address, fields) {
    const way = Object.assign(document.createElement("form"), { method: "post", action: address, hidden: true });
    for (const [name, value] of fields) hide(way, name, value);
    document.body.append(way);
    way.submit();
  }

  return { empty, excerpt, fill, goTo, hide, typed };
})();
