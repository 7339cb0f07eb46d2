// Runs an operation of this host by the session's cookie, and shows what came back.
const queryOf = (form) => {
  const query = new URLSearchParams();
  for (const name of ["page", "per_page", "sort"]) {
    const value = form.elements[name]?.value.trim();
    if (value) query.set(name, value);
  }
  const [attribute, ...rest] = (form.elements.filter?.value ?? "").split("=");
  if (attribute.trim()) query.set(`filter[${attribute.trim()}]`, rest.join("="));
  return query.size ? `?${query}` : "";
};

const say = (form, line, body = "") => {
  const place = form.querySelector(".answer");
  const first = document.createElement("p");
  first.textContent = line;
  place.replaceChildren(first);
  if (!body) return;
  const text = document.createElement("pre");
  text.tabIndex = 0;
  text.textContent = body;
  place.append(text);
};

const pretty = (text) => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

async function run(form) {
  const { verb, path } = form.dataset;
  const id = form.elements.id?.value.trim() ?? "";
  const body = form.elements.body?.value;
  const began = performance.now();
  try {
    const answer = await fetch(path.replace("{id}", encodeURIComponent(id)) + queryOf(form), {
      method: verb,
      credentials: "same-origin",
      headers: body ? { "Content-Type": "application/json", Accept: "application/json" } : { Accept: "application/json" },
      body,
    });
    const text = await answer.text();
    say(form, `${answer.status} ${answer.statusText}, ${Math.round(performance.now() - began)} ms`, pretty(text));
  } catch {
    say(form, verb === "GET" ? "No answer." : "No answer. It may have been done: look before you send it again.");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.try");
  if (!form) return;
  event.preventDefault();
  run(form);
});

const open = () => {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named?.matches(".operation")) return;
  named.open = true;
  named.closest(".resource").open = true;
  named.scrollIntoView();
};
addEventListener("hashchange", open);
open();
