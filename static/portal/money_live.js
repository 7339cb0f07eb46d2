// What moves on a page while a worker is at it: asked for every 2 s, every 10 s after a minute, until it is done.
const place = document.querySelector("[data-live-place]");
const began = Date.now();
const isOpen = () => place?.querySelector('[data-live][data-open="yes"]');

async function poll() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Portal-Poll": "1" } });
    if (answer.status === 401) return;
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...fresh.body.childNodes);
      if (!isOpen()) { location.reload(); return; }
    }
  } catch {
    // The portal did not answer this once; the next poll will tell.
  }
  setTimeout(poll, Date.now() - began < 60_000 ? 2_000 : 10_000);
}

if (isOpen()) setTimeout(poll, 2_000);
