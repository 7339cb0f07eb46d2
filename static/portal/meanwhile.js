// Two people on one record: what the other did shows up on the open page, every 10 s while it is looked at.
const place = document.querySelector("[data-meanwhile]");
let shown = "";

async function ask() {
  if (document.visibilityState !== "visible") return;
  const address = `${place.dataset.meanwhile}?${place.dataset.query}`;
  const answer = await fetch(address, { headers: { "X-Portal-Poll": "1" } }).catch(() => null);
  if (!answer?.ok || answer.status === 204) return;
  const html = await answer.text();
  if (html === shown) return;
  shown = html;
  place.innerHTML = html;
}

if (place) {
  setInterval(ask, 10_000);
  document.addEventListener("visibilitychange", ask);
}
