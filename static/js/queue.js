// The keyboard and the selection of a list of tickets.
//   [data-queue]       the list                       [data-row="T-1042"][data-href]  a row and its ticket's address
//   [data-row-link]    the link of the row: it holds the focus      [data-row-pick]   its checkbox
//   [data-row-act="assign"][data-row-key="a"]   an act of the row menu: gets HREF/assign into #dialog-slot
//   [data-row-menu]    the button that opens the menu for its row    [data-row-peek]  the look aside
//   [data-bulk], [data-bulk-count], [data-bulk-clear], [data-bulk-key="a"]   the bar of what is selected
//   #peek              the side peek: HREF/peek
// j k move, o Enter open, x select, space peek, Esc back; `u` is queue-live.js's.

const list = document.querySelector("[data-queue]");
const peek = document.getElementById("peek");
const bulk = document.querySelector("[data-bulk]");
let present = "";

const rows = () => [...list.querySelectorAll("[data-row]")];
const rowOf = (element) => element?.closest?.("[data-row]");
const presentRow = () => rowOf(document.activeElement) ?? rows().find((row) => row.dataset.row === present);
const picked = () => [...list.querySelectorAll("[data-row-pick]:checked")];

const get = (row, path, target) => htmx.ajax("GET", `${row.dataset.href}/${path}`, { target, swap: "innerHTML" });

const showPeek = (row) => {
  peek.dataset.of = row.dataset.row;
  get(row, "peek", "#peek");
};
const closePeek = () => {
  delete peek.dataset.of;
  peek.replaceChildren();
};
const togglePeek = (row) => (peek.dataset.of === row.dataset.row ? closePeek() : showPeek(row));

const go = (step) => {
  const all = rows();
  const at = all.indexOf(presentRow());
  const row = all[Math.max(0, Math.min(at + step, all.length - 1))];
  if (!row) return;
  present = row.dataset.row;
  row.querySelector("[data-row-link]").focus();
  row.scrollIntoView({ block: "nearest" });
  if (peek?.dataset.of) showPeek(row);
};

const showBulk = () => {
  if (!bulk) return;
  const count = picked().length;
  bulk.hidden = count === 0;
  bulk.querySelector("[data-bulk-count]").textContent = count;
};
const pickNone = () => {
  picked().forEach((box) => { box.checked = false; });
  showBulk();
};

const back = () => {
  if (peek?.dataset.of) closePeek();
  else pickNone();
};

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  o: (row) => row?.querySelector("[data-row-link]").click(),
  x: (row) => row?.querySelector("[data-row-pick]").click(),
  " ": (row) => row && peek && togglePeek(row),
  Escape: back,
};

const act = (key, row) => {
  const together = picked().length && bulk?.querySelector(`[data-bulk-key="${CSS.escape(key)}"]`);
  if (together) return together.click();
  const one = document.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  if (one && row) get(row, one.dataset.rowAct, "#dialog-slot");
};

const onKey = (event) => {
  const isElsewhere = event.target.closest("textarea, select, button, input:not([data-row-pick])");
  const isBusy = document.querySelector("dialog[open], [popover]:popover-open");
  if (event.ctrlKey || event.metaKey || event.altKey || isBusy || isElsewhere) return;
  const row = presentRow();
  const isKnown = event.key in KEYS || document.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`);
  if (!isKnown || (event.key === " " && event.target.matches("[data-row-pick]"))) return;
  event.preventDefault();
  (KEYS[event.key] ?? (() => act(event.key, row)))(row);
};

const onMenu = (event) => {
  const button = event.target.closest("[data-row-menu]");
  if (button) present = rowOf(button).dataset.row;
  const item = event.target.closest("[data-row-act], [data-row-peek]");
  if (!item) return;
  item.closest("[popover]")?.hidePopover();
  const row = rows().find((one) => one.dataset.row === present);
  if ("rowPeek" in item.dataset) showPeek(row);
  else get(row, item.dataset.rowAct, "#dialog-slot");
};

if (list) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onMenu);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-bulk-clear]")) pickNone();
    if (event.target.closest("[data-peek-close]")) closePeek();
  });
  list.addEventListener("focusin", (event) => { present = rowOf(event.target)?.dataset.row ?? present; });
  list.addEventListener("change", showBulk);
  list.addEventListener("nova:applied", showBulk);
}
