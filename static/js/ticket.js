// The ticket's page: what lives is asked again, but never under somebody's fingers.
//   [data-part]           a part that asks again; it waits while a form in it is in use
//   [data-fact-form]      a fact being edited; Escape leaves it     [data-fact-cancel]  its way out
//   form[data-typed]      a form whose words count as being in use; emptied when they were taken
//   [data-newest]         the conversation: the last event in view, told to the editor while that is empty
//   [data-file-input], [data-file-names]   what is attached, by name
//   [data-menu-close]     closes the menu around it                 [data-print]  prints

const editor = () => document.getElementById("editor");
const parts = () => [...document.querySelectorAll("[data-part]")];
const isTyped = (field) => field.value !== field.defaultValue;

const isInUse = (part) =>
  part.querySelector("[data-fact-form], :popover-open") ||
  [...part.querySelectorAll("[data-typed] :is(input:not([type=hidden], [type=checkbox]), textarea)")].some(isTyped);

// What was folded open stays open, though the conversation is written anew.
const opened = () => new Set([...document.querySelectorAll("details.changes[open]")].map((fold) => fold.id));
let folds = new Set();

const tellEditor = () => {
  const [form, talk] = [editor(), document.querySelector("[data-newest]")];
  if (!form || !talk || form.querySelector("textarea").value.trim()) return;
  form.elements.last_seen.value = talk.dataset.newest;
};

const askWaiting = () => {
  for (const part of parts()) {
    if (!("waiting" in part.dataset) || isInUse(part)) continue;
    delete part.dataset.waiting;
    part.dispatchEvent(new CustomEvent("nova:changed"));
  }
};

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (!part.matches?.("[data-part]") || !isInUse(part)) return;
  event.preventDefault();
  part.dataset.waiting = "";
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr } = event.detail;
  if (xhr.status === 204 && elt.matches?.("form[data-typed]")) elt.reset();
});

document.addEventListener("htmx:beforeSwap", () => { folds = opened(); });

document.addEventListener("htmx:afterSettle", () => {
  folds.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  tellEditor();
  askWaiting();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "editor") event.target.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("toggle", askWaiting, { capture: true });

document.addEventListener("focusin", (event) => {
  if (event.target.id === "editor-body") tellEditor();
});

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.("[data-fact-form]");
  if (!form) return;
  event.preventDefault();
  form.querySelector("[data-fact-cancel]").click();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-file-input]")) return;
  const names = [...event.target.files].map((file) => file.name).join(", ");
  event.target.form.querySelector("[data-file-names]").textContent = names;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-menu-close]")) event.target.closest("[popover]")?.hidePopover();
  if (event.target.closest("[data-print]")) print();
});
