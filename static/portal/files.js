// Importing: choosing or dropping a file uploads at once; a running import shows how far it is.
const form = document.querySelector("[data-upload]");
if (form) {
  const drop = form.querySelector("[data-drop]");
  const file = form.querySelector("input[type=file]");
  const busy = form.querySelector("[data-busy]");

  const showKind = () => {
    const kind = form.querySelector("[name=kind]:checked");
    form.toggleAttribute("data-outside", kind?.dataset.kind !== "inside");
    form.querySelector("[data-doctors]").hidden = kind?.value !== "doctors";
  };
  const enterpriseSaid = () =>
    form.hasAttribute("data-outside") || form.querySelector("[name=kind]:checked").value === "doctors" ||
    form.querySelector("[name=enterprise]:checked") || form.querySelector("[name=named]")?.value.trim();
  const send = () => {
    if (!file.files.length || form.classList.contains("sending")) return;
    if (!enterpriseSaid()) {
      busy.textContent = "Choose the enterprise, and the file goes up.";
      return;
    }
    busy.textContent = "Uploading and checking …";
    form.classList.add("sending");
    form.requestSubmit();
  };

  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") showKind();
    if (event.target.name === "named" && event.target.value.trim()) {
      form.querySelectorAll("[name=enterprise]").forEach((radio) => { radio.checked = false; });
    }
    if (event.target.name === "enterprise" && form.querySelector("[name=named]")) form.querySelector("[name=named]").value = "";
    send();
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    send();
  });
  // Back from the next page: the browser may bring this one as it was left.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    form.classList.remove("sending");
    busy.textContent = "";
    file.value = "";
  });
  showKind();
  // A file chosen before this script was here; not one that the browser brings back on the way back.
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") send();
}

const place = document.querySelector("[data-live-place]");
if (place?.querySelector('[data-live][data-open="yes"]')) {
  const begun = Date.now();
  const poll = async () => {
    const answer = await fetch(location.href, { headers: { "X-Portal-Poll": "1" } }).catch(() => null);
    if (answer?.ok) {
      place.innerHTML = await answer.text();
      if (place.querySelector('[data-live][data-open="no"]')) {
        location.reload();
        return;
      }
    }
    setTimeout(poll, Date.now() - begun > 60000 ? 10000 : 2000);
  };
  setTimeout(poll, 2000);
}
