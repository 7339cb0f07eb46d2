// Reveal: asks for the value by POST, shows it for 30 s, then masks it again.
const SECONDS = 30;

document.querySelectorAll("[data-reveal]").forEach((form) => {
  const shown = form.parentElement.querySelector("[data-masked]");
  const said = form.parentElement.querySelector("[data-reveal-said]");
  const masked = shown.textContent;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok || answer.redirected) {
      said.textContent = "Not shown: sign in again.";
      return;
    }
    shown.textContent = await answer.text();
    form.hidden = true;
    said.textContent = `Shown. Hidden again in ${SECONDS} s.`;
    setTimeout(() => {
      shown.textContent = masked;
      form.hidden = false;
      said.textContent = "Hidden again.";
    }, SECONDS * 1000);
  });
});
