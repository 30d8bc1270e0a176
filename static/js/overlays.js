// Dialogs and menus.
//   [data-dialog-open="id"]  opens a dialog of the page      [data-dialog-close]  closes the one around it
//   dialog[data-dialog-auto] opens as soon as htmx brought it; leaves the page when closed
//   event nova:close-dialog  (HX-Trigger of an answer) closes what is open
//   [popover][data-menu]     a menu: arrows move, and where CSS cannot anchor it, it is placed here;
//                            what it shows may come as it opens

const opener = new WeakMap();

const openDialog = (dialog) => {
  if (dialog.open) return;
  opener.set(dialog, document.activeElement);
  dialog.showModal();
};

const onClick = (event) => {
  const open = event.target.closest("[data-dialog-open]");
  if (open) {
    open.closest("[popover]")?.hidePopover();
    openDialog(document.getElementById(open.dataset.dialogOpen));
  }
  if (event.target.closest("[data-dialog-close]")) {
    const dialog = event.target.closest("dialog");
    event.preventDefault();
    dialog.close();
  }
  // A click on the veil closes, unless words were typed that it would lose.
  if (event.target.matches("dialog[open]") && !isTouched(event.target)) event.target.close();
};

const isTouched = (dialog) =>
  [...dialog.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox])")].some(
    (field) => field.value !== field.defaultValue,
  );

const onClose = (event) => {
  if (!event.target.matches?.("dialog")) return;
  const back = opener.get(event.target);
  if (event.target.matches("[data-dialog-auto]")) event.target.remove();
  if (back?.isConnected) back.focus({ preventScroll: true });
};

const itemsOf = (menu) =>
  [...menu.querySelectorAll("a.menu-item, button:not([disabled]), input")].filter((item) => item.offsetParent !== null);

const place = (menu) => {
  const button = document.activeElement;
  const box = button.getBoundingClientRect();
  const left = menu.dataset.menu === "end" ? box.right - menu.offsetWidth : box.left;
  const below = box.bottom + 4 + menu.offsetHeight < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, below ? box.bottom + 4 : box.top - 4 - menu.offsetHeight)}px`;
};

const enter = (menu) => {
  if (!menu || menu.contains(document.activeElement)) return;
  if (!CSS.supports("position-area: block-end")) place(menu);
  itemsOf(menu)[0]?.focus({ preventScroll: true, focusVisible: false });
};
const onToggle = (event) => {
  if (event.newState === "open" && event.target.matches?.("[data-menu]")) enter(event.target);
};

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
const onKey = (event) => {
  const menu = event.target.closest?.("[data-menu]:popover-open");
  const step = STEPS[event.key];
  if (!menu || !step) return;
  event.preventDefault();
  const items = itemsOf(menu);
  const next = items.indexOf(document.activeElement) + step;
  items[Math.max(0, Math.min(next, items.length - 1))]?.focus();
};

document.addEventListener("click", onClick);
document.addEventListener("close", onClose, { capture: true });
document.addEventListener("toggle", onToggle, { capture: true });
document.addEventListener("keydown", onKey);
document.addEventListener("htmx:afterSettle", (event) => {
  enter(event.target.closest("[data-menu]:popover-open"));
  document.querySelectorAll("dialog[data-dialog-auto]").forEach(openDialog);
});
document.addEventListener("nova:close-dialog", () => {
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
});
