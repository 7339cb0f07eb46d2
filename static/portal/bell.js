// The bell: opening its list, or the page of all notices, counts as having seen what is shown. A POST with the
// page's CSRF token does it, never the GET; without this script there is the button "Mark all as seen".
const badge = document.querySelector("[data-bell-count]");
const bell = document.querySelector("[data-bell]");

const seen = async (form) => {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  if (!answer.ok && answer.type !== "opaqueredirect") return;
  badge?.remove();
  bell?.setAttribute("aria-label", "Notices, none new");
};

const unread = document.querySelector("form[data-seen]");
unread?.closest("details").addEventListener("toggle", (event) => event.target.open && seen(unread), { once: true });

const here = document.querySelector("form[data-seen-here]");
if (here) seen(here).then(() => { here.hidden = true; });
