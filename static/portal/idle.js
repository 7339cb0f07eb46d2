// The end of a session: announced 2 minutes before, then the page is covered, not left, so nothing typed is lost.
import { csrfToken, freshen } from "./fresh.js";
import { onSignedIn } from "./sign_in_beside.js";

const mark = document.querySelector("[data-session]");
const dialog = document.querySelector("[data-idle]");
const cover = document.querySelector("[data-cover]");
const limit = Number(mark.dataset.seconds);
const warning = Math.min(120, limit / 2);
let ends = Date.now() + limit * 1000; // as the server said last
let typed = false; // since the server heard of us
let covered = false;
let timer;

const left = () => Math.max(0, Math.round((ends - Date.now()) / 1000));

async function ask(method) {
  const headers = method === "GET" ? { "X-Portal-Poll": "1" } : { "X-CSRFToken": csrfToken() };
  const answer = await fetch(mark.dataset.url, { method, headers, cache: "no-store", redirect: "error" });
  return answer.ok ? answer.json() : answer.status === 401 ? null : { user: mark.dataset.user, left: left() };
}

async function look() {
  try {
    settle(typed && left() <= warning + 1 ? await stay() : await ask("GET"));
  } catch {
    later(15); // no network: the server decides when it is back
  }
}

async function stay() {
  typed = false;
  return ask("POST");
}

function settle(session) {
  if (session === null) return lower();
  if (session.user !== mark.dataset.user) return lower(session.user);
  ends = Date.now() + session.left * 1000;
  if (covered) lift();
  if (session.left > warning) {
    dialog.close();
    return later(session.left - warning);
  }
  if (!dialog.open) warn();
  return later(Math.min(10, session.left + 0.5));
}

function later(seconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(0.5, seconds) * 1000);
}

function warn() {
  dialog.showModal();
  const spoken = dialog.querySelector("[data-idle-spoken]");
  spoken.textContent = `You are signed out in ${left()} seconds. Press Stay signed in to go on.`;
  showLeft();
  const count = setInterval(() => {
    if (!dialog.open) return clearInterval(count);
    if (showLeft() === 30) spoken.textContent = "30 seconds left.";
  }, 1000);
}

function showLeft() {
  const seconds = left();
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  dialog.querySelector("[data-idle-left]").textContent = clock;
  return seconds;
}

function lower(other) {
  clearTimeout(timer);
  dialog.close();
  const text = cover.querySelector("[data-cover-text]");
  text.textContent = other
    ? `${other} is signed in here now. What ${mark.dataset.user} typed is behind this cover: sign out, then sign in as ${mark.dataset.user}.`
    : "What you typed is still here, behind this cover. Sign in, and it comes back.";
  covered = true;
  if (!cover.open) cover.showModal();
}

function lift() {
  covered = false;
  freshen();
  cover.close();
}

// A browser closes a dialog on a second Esc, whatever "cancel" says.
document.addEventListener("keydown", (event) => covered && event.key === "Escape" && event.preventDefault(), true);
cover.addEventListener("cancel", (event) => event.preventDefault());
cover.addEventListener("close", () => covered && cover.showModal());
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  dialog.querySelector("[data-idle-stay]").click();
});
dialog.querySelector("[data-idle-stay]").addEventListener("click", async () => settle(await stay()));
for (const sign of ["keydown", "pointerdown"]) {
  document.addEventListener(sign, () => (typed = !dialog.open && !covered), { passive: true });
}
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
window.addEventListener("focus", () => covered && look());
onSignedIn(look);
later(limit - warning);
