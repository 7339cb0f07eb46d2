// The Balance tab and the invoice: while something of the account is on its way the page asks for itself every second, every
// 10 s after a minute, and shows what has come. What is said at the end is spoken once.
const began = Date.now();

async function fresh() {
  const answer = await fetch(location.href, { headers: { "X-Portal-Poll": "1" } }).catch(() => null);
  if (!answer) return null;
  if (answer.status === 401) return "signed out";
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

function swap(page, selector) {
  const now = document.querySelector(selector);
  const then = page.querySelector(selector);
  // Someone who is in it must not lose their place.
  if (now && then && !now.contains(document.activeElement)) now.replaceWith(then);
}

async function poll() {
  const page = await fresh();
  if (page === "signed out") return;
  const live = page?.querySelector("[data-balance-live]");
  if (live) {
    const ended = !("busy" in live.dataset);
    const said = live.querySelector("[data-verdict]")?.innerText ?? "";
    for (const part of [".heading", ".top-right", ".balance-acts", "[data-balance-live]"]) swap(page, part);
    if (ended) {
      document.querySelector("[data-balance-said]").textContent = said;
      return;
    }
  }
  setTimeout(poll, Date.now() - began < 60_000 ? 1_000 : 10_000);
}

if (document.querySelector("[data-balance-live][data-busy]")) setTimeout(poll, 700);
