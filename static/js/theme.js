// Shows a preference at once; the form itself keeps it in the cookie (nova.web.views.prefer).
//   form[data-preference="theme"] with buttons of value and aria-pressed; <html data-theme> follows

document.addEventListener("submit", (event) => {
  const name = event.target.dataset?.preference;
  if (!name || !event.submitter) return;
  document.documentElement.dataset[name] = event.submitter.value;
  for (const form of document.querySelectorAll(`form[data-preference="${name}"]`)) {
    for (const button of form.querySelectorAll("button[aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.value === event.submitter.value));
    }
  }
});
