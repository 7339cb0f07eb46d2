// Buttons with data-copy put their text on the clipboard and say so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("copied");
  const spoken = button.querySelector(".sr");
  const before = spoken?.textContent;
  if (spoken) spoken.textContent = "Copied";
  setTimeout(() => {
    button.classList.remove("copied");
    if (spoken) spoken.textContent = before;
  }, 1500);
});
