// Forms go out with the CSRF token of now: signing in beside a page gives it a new one.
export function csrfToken() {
  const found = document.cookie.split("; ").find((part) => part.startsWith("portal_csrf="));
  return found ? found.slice("portal_csrf=".length) : "";
}

export function freshen() {
  const token = csrfToken();
  if (!token) return;
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
}

document.addEventListener("submit", freshen, true);
