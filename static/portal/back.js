// The window that was opened for signing in: tell the covered page, then close.
new BroadcastChannel("portal-session").postMessage("signed-in");
if (window.opener || window.name === "portal-sign-in") window.close();
