// Keys: "/" goes to the list's search, Ctrl Enter presses the primary button of the form one is in.
const typing = (target) => target.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !typing(event.target)) {
    const search = document.querySelector("[data-list-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form")?.querySelector(".btn-primary[type=submit], button.btn-primary")?.click();
  }
});
