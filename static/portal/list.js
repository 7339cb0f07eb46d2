// The list: ticking rows, the bulk bar's count, and an SSN that must never stand in an address.
const form = document.querySelector("[data-bulk]");
const boxes = () => [...form.querySelectorAll("input[name=ids]")];
const page = form?.querySelector("[data-tick-page]");
const said = form?.querySelector("[data-selected]");
const matching = form?.querySelector("[data-select-matching]");
let allMatching = false;

function show() {
  const ticked = boxes().filter((box) => box.checked);
  const whole = boxes().length > 0 && ticked.length === boxes().length;
  if (!whole) allMatching = false;
  boxes().forEach((box) => box.closest("tr").classList.toggle("ticked", box.checked));
  page.checked = whole;
  page.indeterminate = ticked.length > 0 && !whole;
  said.textContent = allMatching ? `All ${matching.dataset.number || ""} that match selected`.replace("  ", " ") : `${ticked.length} selected`;
  form.querySelectorAll("[data-needs-ticks]").forEach((button) => {
    button.setAttribute("aria-disabled", String(ticked.length === 0));
    button.value = allMatching ? "all" : "selected";
  });
  form.querySelectorAll("[data-tick-first]").forEach((hint) => { hint.hidden = ticked.length > 0; });
  form.querySelectorAll("[data-ticked-or-all]").forEach((button) => {
    button.value = ticked.length && !allMatching ? "selected" : "all";
  });
  const more = matching.dataset.number === "" || Number(matching.dataset.number) > boxes().length;
  matching.hidden = !(whole && more && !allMatching);
}

if (page) {
  page.addEventListener("change", () => {
    boxes().forEach((box) => { box.checked = page.checked; });
    show();
  });
  matching.addEventListener("click", () => { allMatching = true; show(); said.tabIndex = -1; said.focus(); });
  form.addEventListener("change", (event) => { if (event.target.name === "ids") show(); });
  show(); // the browser may have kept ticks over a reload
}

form?.addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("aria-disabled") === "true") event.preventDefault();
});

const filters = document.querySelector("[data-filters]");
filters?.addEventListener("change", (event) => { if (event.target.matches("select")) filters.requestSubmit(); });
filters?.addEventListener("submit", (event) => {
  const typed = filters.querySelector("[data-list-search]").value.trim();
  const bySsn = document.querySelector("[data-by-ssn]");
  if (!/^\d{3}-\d{2}-\d{4}$/.test(typed)) return;
  event.preventDefault();
  if (!bySsn) return;
  bySsn.querySelector("input[name=ssn]").value = typed;
  bySsn.requestSubmit();
});
