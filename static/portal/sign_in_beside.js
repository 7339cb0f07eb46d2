// Signing in in a small window beside a page; that window tells the page when it is done (back.js).
const channel = new BroadcastChannel("portal-session");

export function onSignedIn(call) {
  channel.addEventListener("message", (event) => event.data === "signed-in" && call());
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-sign-in]");
  if (!link) return;
  event.preventDefault();
  window.open(link.href, "portal-sign-in", "popup,width=480,height=640");
});
