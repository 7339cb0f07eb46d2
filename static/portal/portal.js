// What every page needs: menus that close, copy buttons, the drawer on small screens, theme buttons.
import "./menus.js";
import "./copying.js";
import "./keys.js";
import "./bell.js";

const side = document.getElementById("side");
for (const button of document.querySelectorAll("[data-side-toggle]")) {
  button.addEventListener("click", () => {
    const open = document.documentElement.classList.toggle("side-open");
    button.setAttribute("aria-expanded", String(open));
    if (open) side.querySelector("a").focus();
  });
}

document.querySelector(".stage")?.addEventListener("click", (event) => {
  const open = document.documentElement.classList.contains("side-open");
  if (open && !event.target.closest("[data-side-toggle]")) document.querySelector("[data-side-toggle]").click();
});

// The entry of this page is in sight; only the menu's own box moves.
const now = side?.querySelector(".side-menu [aria-current]");
if (now) {
  const box = now.closest(".side-menu");
  const over = now.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom + 48;
  if (over > 0) box.scrollTop += over;
}

// So is the tab of this page, where tabs are wider than a phone.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  const over = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (over > 0) row.scrollLeft += over;
}

const themes = [...document.querySelectorAll("[data-theme-choice]")];
const markTheme = () =>
  themes.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeChoice === window.portalTheme.chosen())));
for (const button of themes) {
  button.addEventListener("click", () => {
    window.portalTheme.chooseTheme(button.dataset.themeChoice);
    markTheme();
  });
}
markTheme();

// After a failed save the focus goes to the summary of what is wrong.
document.querySelector("[data-focus-first]")?.focus();
