// Shows a preference at once; the form itself keeps it in the cookie (nova.web.views.prefer).
//   form[data-preferences] with buttons of a name, a value and aria-pressed; <html data-NAME> follows

document.addEventListener("submit", (event) => {
  const { name, value } = event.submitter ?? {};
  if (!name || !event.target.matches("[data-preferences]")) return;
  document.documentElement.dataset[name] = value;
  for (const button of document.querySelectorAll(`[data-preferences] button[name="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
});
