// The grid that fixes many: says how many rows were changed, on the button that sends them.
const form = document.querySelector("[data-fix]");
if (form) {
  const text = form.querySelector("[data-fix-text]");
  const count = form.querySelector("[data-fix-count]");
  const before = new Map([...form.querySelectorAll("[data-row] :is(input:not([type=hidden]), select)")].map((field) => [field, field.value]));
  const show = () => {
    let changed = 0;
    for (const row of form.querySelectorAll("[data-row]")) {
      const touched = [...row.querySelectorAll("input:not([type=hidden]), select")].some((field) => before.get(field) !== field.value);
      row.classList.toggle("changed", touched);
      changed += touched;
    }
    text.textContent = changed ? `Save and send ${changed} again` : "Save and send again";
    count.textContent = changed ? `${changed} changed.` : "Nothing changed yet.";
  };
  form.addEventListener("input", show);
}
