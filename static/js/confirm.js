// Asks by name before an act that cannot be taken back.
//   [data-confirm="Delete T-1042?"]  on a form, its button or an htmx element
//   [data-confirm-text]              what follows from it     [data-confirm-verb]  the verb on the button

const dialog = document.getElementById("confirm");
const words = document.getElementById("words").dataset;
const agreed = new WeakSet();

const ask = (element) =>
  new Promise((resolve) => {
    dialog.querySelector("[data-confirm-title]").textContent = element.dataset.confirm;
    dialog.querySelector("[data-confirm-body]").textContent = element.dataset.confirmText ?? "";
    dialog.querySelector("[data-confirm-verb]").textContent = element.dataset.confirmVerb ?? words.goOn;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });

const asking = (submitter, element) => [submitter, element].find((one) => one?.dataset?.confirm);

document.addEventListener("htmx:confirm", async (event) => {
  const element = asking(event.detail.triggeringEvent?.submitter, event.detail.elt);
  if (!element) return;
  event.preventDefault();
  if (await ask(element)) event.detail.issueRequest(true);
});

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const element = asking(event.submitter, form);
    const isHtmx = form.matches("[hx-post], [hx-get]") || event.submitter?.matches("[hx-post], [hx-get]");
    if (!element || isHtmx || agreed.delete(form)) return;
    event.preventDefault();
    if (!(await ask(element))) return;
    agreed.add(form);
    form.requestSubmit(event.submitter);
  },
  { capture: true },
);
