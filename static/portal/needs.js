// The grid that fixes many: says how many rows were changed, on the button that sends them.
const form = document.querySelector("[data-fix]");
if (form) {
  const text = form.querySelector("[data-fix-text]");
  const count = form.querySelector("[data-fix-count]");
  // Against what the page came with, not what stands there when this runs: somebody may type faster.
  const first = (field) => Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  const touchedIs = (field) => (field.options ? field.selectedIndex !== first(field) : field.value !== field.defaultValue);
  const show = () => {
    let changed = 0;
    for (const row of form.querySelectorAll("[data-row]")) {
      const touched = [...row.querySelectorAll("input:not([type=hidden]), select")].some(touchedIs);
      row.classList.toggle("changed", touched);
      changed += touched;
    }
    text.textContent = changed ? `Save and send ${changed} again` : "Save and send again";
    count.textContent = changed ? `${changed} changed.` : "Nothing changed yet.";
  };
  form.addEventListener("input", show);
  show();
}
