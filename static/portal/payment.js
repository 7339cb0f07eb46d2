// Recording a payment: parts that do not apply are hidden, and the server says what saving would do.
const form = document.querySelector("[data-payment]");
const place = form?.querySelector("[data-forecast]");
let asked = 0;

function show() {
  const insurance = form.elements.method.value === "insurance";
  const one = form.elements.how.value === "one";
  for (const part of form.querySelectorAll("[data-of-insurance]")) part.hidden = !insurance;
  for (const part of form.querySelectorAll("[data-of-one]")) part.hidden = !one;
}

function tell(nodes) {
  place.replaceChildren(...nodes);
  form.querySelector("[data-result]").hidden = !place.textContent.trim();
}

async function forecast() {
  const mine = ++asked;
  if (!form.elements.amount.value.trim()) { tell([]); return; }
  const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form) });
  if (mine !== asked || !answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  tell(found.body.childNodes);
}

let timer = 0;
function later() { clearTimeout(timer); timer = setTimeout(forecast, 250); }

if (form) {
  form.querySelector("[data-forecast-ask]").hidden = true;
  form.addEventListener("input", () => { show(); later(); });
  form.addEventListener("change", () => { show(); later(); });
  show();
  tell([...place.childNodes]);
  if (form.elements.amount.value) forecast();
}
