// Assign a balance: the running total as it is typed, in whole cents by reading the text (BigInt, no fractions),
// rows added and dropped in place, and what would be sent, asked of the portal. The portal decides on saving.
const form = document.querySelector("[data-assign]");
const body = form?.querySelector("[data-lines]");
const TYPED = /^([-−(])?\s*\$?\s*(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d{1,2}))?\)?$/;

function cents(text) {
  const plain = text.trim().replace(/^[-−]\$/, "-");
  if (!plain) return 0n;
  const found = TYPED.exec(plain);
  if (!found || !(found[2] || found[3])) return null;
  const amount = BigInt((found[2] || "0").replaceAll(",", "")) * 100n + BigInt((found[3] || "0").padEnd(2, "0"));
  return found[1] ? -amount : amount;
}

function dollars(amount) {
  const whole = amount < 0n ? -amount : amount;
  const grouped = String(whole / 100n).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0n ? "−" : ""}$${grouped}.${String(whole % 100n).padStart(2, "0")}`;
}

const owed = (amount) => (amount < 0n ? `${dollars(-amount)} credit` : dollars(amount));
const more = (a, b) => (a > b ? a : b);
const less = (a, b) => (a < b ? a : b);

// What can't be read counts for nothing, as on the portal's side; it is said at its field on saving.
function amount(row, part) {
  const found = cents(row.querySelector(`[data-part="${part}"]`).value);
  return found === null || found < 0n ? 0n : found;
}

function line(row) {
  const typed = row.querySelector('[data-part="quantity"]').value.trim() || "1";
  const quantity = /^\d+$/.test(typed) && typed !== "0" ? BigInt(typed) : 1n;
  const charged = amount(row, "each") * quantity + amount(row, "tax");
  return { charged, covered: amount(row, "covered"), insurance: amount(row, "insurance") };
}

function reckon() {
  const sum = { charged: 0n, covered: 0n, insurance: 0n };
  for (const row of body.querySelectorAll("[data-line]")) {
    const one = line(row);
    for (const part of Object.keys(sum)) sum[part] += one[part];
    row.querySelector("[data-line-part]").textContent = dollars(one.charged - one.covered - one.insurance);
  }
  const typed = cents(form.elements["taken-amount"].value);
  const taken = typed === null ? 0n : more(typed, 0n);
  const estimate = form.elements.estimate.checked;
  const due = sum.charged - sum.covered;
  const applied = form.elements["taken-apply"].checked ? less(taken, more(due, 0n)) : 0n;
  const counts = !estimate && sum.insurance <= 0n;
  const before = BigInt(form.dataset.before);
  const after = before + (counts ? due - applied : 0n) - (taken - applied);
  return { ...sum, taken, estimate, before, after, rest: taken - applied };
}

function notes(sum) {
  const said = [];
  if (sum.estimate) said.push("An estimate is not owed: adds $0.00.");
  else if (sum.insurance > 0n) said.push("Waits for insurance: adds $0.00 until it has paid.");
  if (sum.before !== 0n) said.push(`${owed(sum.before)} before this visit.`);
  if (sum.rest > 0n) said.push(`${dollars(sum.rest)} of what was taken is not applied here and stays a credit.`);
  return said.join(" ");
}

function put(name, text) {
  const place = form.querySelector(`[data-${name}]`);
  if (place.textContent !== text) place.textContent = text;
}

function show() {
  const sum = reckon();
  put("formula", `${dollars(sum.charged)} charged − ${dollars(sum.covered)} covered − ${dollars(sum.insurance)} insurance − ${dollars(sum.taken)} taken`);
  put("outcome", `${form.dataset.name} will owe ${owed(sum.after)}`);
  put("notes", notes(sum));
}

function renumber() {
  [...body.querySelectorAll("[data-line]")].forEach((row, index) => {
    row.querySelector("[data-line-drop]").value = index;
    row.querySelector("[data-line-drop] .sr").textContent = `Remove line ${index + 1}`;
    for (const label of row.querySelectorAll("label")) label.textContent = label.textContent.replace(/of line.*$/, `of line ${index + 1}`);
  });
}

let made = 1000; // ids of rows made here, apart from those the portal numbered
function add() {
  const row = form.querySelector("[data-line-blank]").content.cloneNode(true).querySelector("[data-line]");
  made += 1;
  for (const input of row.querySelectorAll("input")) {
    const fresh = input.id.replace(/^line-\d+-/, `line-${made}-`);
    row.querySelector(`label[for="${input.id}"]`).htmlFor = fresh;
    input.id = fresh;
  }
  body.append(row);
  renumber();
  row.querySelector("input").focus();
}

function drop(row) {
  const rows = [...body.querySelectorAll("[data-line]")];
  const near = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  row.remove();
  if (!near) add();
  renumber();
  (near ?? body.lastElementChild).querySelector("input").focus();
}

async function bodies(details) {
  if (!details.open) return;
  const answer = await fetch(form.dataset.bodies, { method: "POST", body: new FormData(form), headers: { "X-Portal-Poll": "1" } }).catch(() => null);
  const place = details.querySelector("[data-bodies-place]");
  if (!answer?.ok) { place.textContent = "The portal did not answer. Open it again in a moment."; return; }
  place.innerHTML = await answer.text();
}

if (form) {
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.querySelector("[data-line-add]").addEventListener("click", (event) => { event.preventDefault(); add(); show(); });
  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-line-drop]");
    if (!button) return;
    event.preventDefault();
    drop(button.closest("[data-line]"));
    show();
  });
  const details = form.querySelector("[data-assign-bodies]");
  details.querySelector("[data-noscript]").remove();
  details.addEventListener("toggle", () => bodies(details));
  let later = 0;
  form.addEventListener("input", () => { clearTimeout(later); later = setTimeout(() => bodies(details), 400); });
  show();
}
