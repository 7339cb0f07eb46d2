// A save that lost its session: after signing in beside this page, one press sends it again.
import { freshen } from "./fresh.js";
import { onSignedIn } from "./sign_in_beside.js";

onSignedIn(() => {
  freshen();
  document.querySelector("[data-sign-in]")?.remove();
  const button = document.querySelector("[data-send-again]");
  button.classList.add("btn-primary");
  document.querySelector("[data-again-status]").textContent = "You are signed in. Send it again when you are ready.";
  button.focus();
});
