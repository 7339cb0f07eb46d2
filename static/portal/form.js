// Forms of records: another practice row, and a warning before what was typed is left behind.
const rows = document.querySelector("[data-rows]");
rows?.querySelector("[data-rows-add]").addEventListener("click", () => {
  const total = rows.querySelector("input[name$=-TOTAL_FORMS]");
  const made = rows.querySelector("[data-rows-template]").content.cloneNode(true);
  for (const part of made.querySelectorAll("[id], [name], [for]")) {
    for (const name of ["id", "name", "for"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("__prefix__", total.value));
    }
  }
  const first = made.querySelector("input");
  rows.querySelector("[data-rows-list]").append(made);
  total.value = Number(total.value) + 1;
  first.focus();
});

const form = document.querySelector("[data-record-form]");
let touched = false;
form?.addEventListener("input", () => { touched = true; });
form?.addEventListener("submit", () => { touched = false; });
window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
