// Sets light or dark before anything is painted. The choice is kept in this browser only.
const chosen = () => localStorage.getItem("portal-theme") || "auto";
const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");

function applyTheme() {
  const dark = chosen() === "dark" || (chosen() === "auto" && darkSystem.matches);
  document.documentElement.classList.toggle("dark", dark);
}

function chooseTheme(choice) {
  localStorage.setItem("portal-theme", choice);
  applyTheme();
}

darkSystem.addEventListener("change", applyTheme);
applyTheme();
window.portalTheme = { chosen, chooseTheme };
