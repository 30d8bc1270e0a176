// Puts words kept ready into the editor, where the cursor is.
//   [data-insert="words"]       in the menu: goes into #editor-body
//   [data-templates]            the menu's button; Alt+T within the editor presses it

const body = () => document.getElementById("editor-body");

const insert = (words) => {
  const field = body();
  field.focus();
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is kept
};

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-insert]");
  if (!choice) return;
  choice.closest("[popover]")?.hidePopover();
  insert(choice.dataset.insert);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.code !== "KeyT" || event.target !== body()) return;
  event.preventDefault();
  document.querySelector("[data-templates]")?.click();
});
