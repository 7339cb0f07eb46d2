// <details data-menu>: one open at a time, closed by Esc (focus back to its button), a click elsewhere, or leaving it.
const menus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (document.documentElement.classList.contains("side-open")) {
    document.querySelector("[data-side-toggle]").click();
    document.querySelector("[data-side-toggle]").focus();
  }
});
