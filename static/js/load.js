// Giving tickets to somebody else: by dragging a card onto them, or by a menu. What for is asked by
// the drawer of the ticket, which stands behind each card as a link, too.
//   [data-load]                 the rows; they ask again by nova:changed, and by our nova:catch-up
//   [data-give="/dispatch/T-1"][data-holder="7"]   a card: its drawer, and who has it
//   [data-give-to="7"]          the row of somebody; gets [data-over] while a card is above it
//   [data-give-menu]            the button of a card that opens the menu for it
//   [data-give-choice="7"]      somebody in that menu; "" opens the drawer without a choice

const board = document.querySelector("[data-load]");
let dragged = null; // a card
let asking = null; // the card whose menu is open
let isBehind = false; // a change came while nothing may move

const isBusy = () => dragged || document.querySelector("dialog[open], [popover]:popover-open");

const give = (card, person) => {
  const chosen = person ? `?chosen=${person}` : "";
  htmx.ajax("GET", card.dataset.give + chosen, { target: "#dialog-slot", swap: "innerHTML" });
};

const rowAt = (event) => {
  const row = event.target.closest?.("[data-give-to]");
  return dragged && row && row.dataset.giveTo !== dragged.dataset.holder ? row : null;
};

const mark = (row) => {
  document.querySelectorAll("[data-over]").forEach((other) => other !== row && delete other.dataset.over);
  if (row) row.dataset.over = "";
};

const catchUp = () => {
  if (!isBehind || isBusy()) return;
  isBehind = false;
  htmx.trigger(board, "nova:catch-up");
};

board.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-give]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.give);
  dragged.dataset.dragged = "";
});
board.addEventListener("dragover", (event) => {
  const row = rowAt(event);
  mark(row);
  if (row) event.preventDefault();
});
board.addEventListener("drop", (event) => {
  const row = rowAt(event);
  if (!row) return;
  event.preventDefault();
  give(dragged, row.dataset.giveTo);
});
board.addEventListener("dragend", () => {
  if (dragged) delete dragged.dataset.dragged;
  dragged = null;
  mark(null);
  catchUp();
});

document.addEventListener("click", (event) => {
  asking = event.target.closest("[data-give-menu]")?.closest("[data-give]") ?? asking;
  const choice = event.target.closest("[data-give-choice]");
  if (!choice || !asking) return;
  choice.closest("[popover]").hidePopover();
  give(asking, choice.dataset.giveChoice);
});

// Nothing moves under a card that is dragged, under an open menu, or behind a dialog.
board.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== board || !isBusy()) return;
  event.preventDefault();
  isBehind = true;
});
board.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target !== board || !isBusy()) return;
  event.detail.shouldSwap = false;
  isBehind = true;
});
["close", "toggle"].forEach((name) => document.addEventListener(name, () => setTimeout(catchUp), { capture: true }));
