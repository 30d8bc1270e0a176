// Keeps what was typed until it was sent: it survives reloads, closed tabs and failed requests.
//   textarea[data-draft="ticket:42:person:7"]   the key names the thing and the person
//   [data-draft-word]                           in the same form: says that a draft is kept
//   form[data-sign-out]                         signing out takes all drafts away

const PREFIX = "nova:draft:";
const KEEP = 14 * 86_400_000;
const words = document.getElementById("words").dataset;
const known = new WeakSet();
const sent = new WeakSet();

const keyOf = (field) => PREFIX + field.dataset.draft;
const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

const say = (field, text) => {
  const place = field.form?.querySelector("[data-draft-word]");
  if (place && place.textContent !== text) place.textContent = text;
};

const keep = (field) => {
  if (!field.value.trim()) localStorage.removeItem(keyOf(field));
  else localStorage.setItem(keyOf(field), JSON.stringify({ text: field.value, at: Date.now() }));
  say(field, field.value.trim() ? words.draft : "");
};

const restore = (field) => {
  if (known.has(field)) return;
  known.add(field);
  const draft = read(keyOf(field));
  if (!draft || field.value.trim()) return;
  field.value = draft.text;
  say(field, words.draft);
};

const restoreAll = () => document.querySelectorAll("textarea[data-draft]").forEach(restore);

const forgetSent = (form) => {
  for (const field of form.querySelectorAll("textarea[data-draft]")) {
    localStorage.removeItem(keyOf(field));
    known.delete(field);
    sent.add(field);
  }
};

for (const key of drafts()) if (Date.now() - read(key).at > KEEP) localStorage.removeItem(key);
restoreAll();

let soon = 0;
document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea[data-draft]")) return;
  clearTimeout(soon);
  sent.delete(event.target);
  soon = setTimeout(keep, 250, event.target);
});
addEventListener("pagehide", () => document.querySelectorAll("textarea[data-draft]").forEach((field) => field.value.trim() && !sent.has(field) && keep(field)));

// 422 means that the server asks something first, so the draft stays. beforeOnLoad comes before the
// answer's own (empty) editor, which would otherwise be given the sent words again, and before an
// answer that leads to another page.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = requestConfig?.elt?.closest?.("form");
  if (!form || requestConfig.verb !== "post" || xhr.status >= 300) return;
  clearTimeout(soon);
  forgetSent(form);
});
document.addEventListener("htmx:afterSettle", restoreAll);
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) drafts().forEach((key) => localStorage.removeItem(key));
});
