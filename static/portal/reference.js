// Narrows the outline while one types; without it the search is a page of its own.
const outline = document.querySelector("[data-outline]");
const search = outline?.querySelector("[data-outline-search]");
const count = outline?.querySelector("[data-outline-count]");
const groups = [...(outline?.querySelectorAll("[data-outline-group]") ?? [])];
const opened = groups.filter((group) => group.open);

function narrow() {
  const words = search.value.toLowerCase().replaceAll("_", " ").split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of groups) {
    let here = 0;
    for (const item of group.querySelectorAll("[data-outline-item]")) {
      const hit = words.every((word) => item.dataset.outlineItem.includes(word));
      item.hidden = !hit;
      if (hit) here += 1;
    }
    group.hidden = here === 0;
    group.open = words.length ? here > 0 : opened.includes(group);
    found += here;
  }
  count.textContent = words.length ? `${found} operations` : "";
}

search?.addEventListener("input", narrow);
// Within the list's own box only: where it has none, on a phone, the page stays at its top.
const shown = outline?.querySelector("[aria-current]");
const box = outline?.closest(".reference-side");
if (shown && box) {
  const over = shown.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
  if (over > 0) box.scrollTop += over;
}

// A call may take ten seconds: say that it is under way, and take it back on a page that the browser kept.
for (const form of document.querySelectorAll("form[data-waits]")) {
  const waiting = form.querySelector("[data-waiting]");
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "back") waiting.textContent = "Waiting for the answer, 10 seconds at most.";
  });
  window.addEventListener("pageshow", () => { waiting.textContent = ""; });
}
