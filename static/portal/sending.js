// The batch page's progress: asks every 2 s, every 10 s after a minute, and stops when the batch has ended.
// Speaks at each quarter and at the end, not at each poll.
const live = document.querySelector("[data-live]");
const spoken = document.querySelector("[data-spoken]");
const began = Date.now();
let quarter = quarterOf(live);

function quarterOf(root) {
  return Math.floor(Number(root?.querySelector("[data-progress]")?.dataset.percent ?? 0) / 25);
}

function speak(progress) {
  const now = Math.floor(Number(progress.dataset.percent) / 25);
  if (now !== quarter || "ended" in progress.dataset) spoken.textContent = progress.dataset.sentence;
  quarter = now;
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const progress = fresh.querySelector("[data-progress]");
  if (!progress) return false;
  speak(progress);
  // Paused or going on again, by somebody else or by itself: the buttons above must fit.
  if (!("ended" in progress.dataset) && progress.dataset.state !== live.querySelector("[data-progress]").dataset.state) {
    location.reload();
    return true;
  }
  const focused = live.contains(document.activeElement) || live.querySelector("details[open]");
  live.querySelector("[data-progress]").replaceWith(progress);
  // Someone who is in the table must not lose their place.
  if (!focused) live.querySelector("[data-rows]").replaceWith(fresh.querySelector("[data-rows]"));
  if (!("ended" in progress.dataset)) return false;
  document.querySelectorAll("[data-while-running]").forEach((button) => button.remove());
  return true;
}

async function poll() {
  try {
    const answer = await fetch(live.dataset.live, { headers: { "X-Portal-Poll": "1" } });
    if (answer.status === 401) return;
    if (answer.ok && show(await answer.text())) return;
  } catch {
    // The portal did not answer this once; the next poll will tell.
  }
  setTimeout(poll, Date.now() - began < 60_000 ? 2_000 : 10_000);
}

if (live && !("ended" in live.dataset)) setTimeout(poll, 2_000);
