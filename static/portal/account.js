// View API Key: the key in a field, copied on request, gone after its seconds and when the page is left.
const box = document.querySelector("[data-secret-shown]");

function hide() {
  box.replaceChildren();
  const gone = document.createElement("p");
  const again = document.createElement("a");
  again.href = location.pathname;
  again.className = "link";
  again.textContent = "View it again";
  gone.append("Hidden. ", again);
  box.append(gone);
  document.querySelector("[data-hides-spoken]").textContent = "The key is hidden.";
}

if (box) {
  const ends = Date.now() + Number(box.dataset.seconds) * 1000;
  const tick = setInterval(() => {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left > 0) {
      box.querySelector("[data-hides]").textContent = `Hidden in ${left} s`;
      return;
    }
    clearInterval(tick);
    hide();
  }, 250);
  window.addEventListener("pagehide", () => box.replaceChildren());
  box.querySelector("[data-copy-field]").addEventListener("click", async (event) => {
    await navigator.clipboard.writeText(document.getElementById(event.target.dataset.copyField).value);
    event.target.textContent = "Copied";
    document.querySelector("[data-hides-spoken]").textContent = "Copied";
  });
}
