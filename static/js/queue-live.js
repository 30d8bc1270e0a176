// Live rows. What changed is written into its row and marked; what would move waits for `u`, for its
// button, or for a moment in which nobody is at the list. Only a new VIP row comes at once, on top.
//   [data-queue][data-live-topics][data-rows-url]   the list, and the address of its rows alone
//   [data-pending], [data-pending-words], [data-pending-show]   the bar that says what waits
//   [data-passing]   words that change by themselves with time: no news
// Rows get [data-changed], [data-leaving], [data-arrived]; the list gets the event nova:applied.

const list = document.querySelector("[data-queue]");
const bar = document.querySelector("[data-pending]");
const words = document.getElementById("words").dataset;
const QUIET = 3000;
const MARKED = 20_000;

let more = null; // what leads further down the queue
let incoming = null; // the rows as the server has them, while they differ from what is shown
let activeAt = 0;

const rowsIn = (place) => [...place.querySelectorAll("[data-row]")];
const refOf = (row) => row.dataset.row;

const signature = (row) => {
  const copy = row.cloneNode(true);
  copy.querySelectorAll("[data-passing], [data-ring]").forEach((element) => element.remove());
  copy.querySelectorAll("time").forEach((time) => time.replaceWith([time.dateTime, time.dataset.by, time.dataset.state].join(" ")));
  return copy.textContent.replace(/\s+/g, " ") + copy.className;
};

const mark = (row) => {
  row.dataset.changed = "";
  setTimeout(() => delete row.dataset.changed, MARKED);
};

// Put the new row where the old one stands; focus and selection stay.
const exchange = (old, row) => {
  const focused = old.contains(document.activeElement) && old.querySelector("[data-row-link]") === document.activeElement;
  row.querySelector("[data-row-pick]").checked = old.querySelector("[data-row-pick]").checked;
  old.replaceWith(row);
  if (focused) row.querySelector("[data-row-link]").focus({ preventScroll: true });
};

const isOpen = () => document.querySelector("[popover]:popover-open, dialog[open]");
const isAttended = () =>
  list.matches(":hover, :focus-within") || isOpen() || list.querySelector("[data-row-pick]:checked") || Date.now() - activeAt < QUIET;

// How many rows must move: all but the longest run of them that is in the new order already.
const movesOf = (kept, then) => {
  const run = [];
  for (const place of kept.map((ref) => then.indexOf(ref))) {
    const found = run.findIndex((other) => other > place);
    run[found < 0 ? run.length : found] = place;
  }
  return kept.length - run.length;
};

const differences = () => {
  const [now, then] = [rowsIn(list).map(refOf), incoming.map(refOf)];
  const kept = now.filter((ref) => then.includes(ref));
  // What only went on to the next page, as others came before it, is no news.
  const pushed = more && kept.length ? now.slice(now.lastIndexOf(kept.at(-1)) + 1) : [];
  const gone = now.filter((ref) => !then.includes(ref) && !pushed.includes(ref));
  const come = then.filter((ref) => !now.includes(ref));
  return { gone, waiting: gone.length + come.length + movesOf(kept, then) };
};

const show = () => {
  const { gone, waiting } = differences();
  rowsIn(list).forEach((row) => row.toggleAttribute("data-leaving", gone.includes(refOf(row))));
  if (bar) {
    bar.hidden = waiting === 0;
    bar.querySelector("[data-pending-words]").textContent = words.changes.replace("{}", waiting);
  }
  if (waiting === 0) incoming = null;
};

const update = () => {
  const shown = new Map(rowsIn(list).map((row) => [refOf(row), row]));
  incoming = incoming.map((row) => {
    const old = shown.get(refOf(row));
    if (!old || signature(old) === signature(row)) return old ?? row;
    exchange(old, row);
    mark(row);
    return row;
  });
};

// A new VIP's row comes in below the one shown that it follows: mostly on top, where there is none.
const admitVip = () => {
  const shown = new Set(rowsIn(list).map(refOf));
  let before = null;
  for (const row of incoming) {
    if (!shown.has(refOf(row)) && row.classList.contains("vip")) {
      row.dataset.arrived = "";
      row.addEventListener("animationend", () => delete row.dataset.arrived, { once: true });
      if (before) before.after(row);
      else list.prepend(row);
      mark(row);
    }
    if (row.parentNode === list) before = row;
  }
};

const apply = () => {
  if (!incoming) return;
  const focused = document.activeElement?.closest?.("[data-row]") && document.activeElement;
  list.replaceChildren(...incoming, ...(more ? [more] : []));
  htmx.process(list);
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  show();
  list.dispatchEvent(new CustomEvent("nova:applied"));
};

const ask = async () => {
  const answer = await fetch(list.dataset.rowsUrl, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  incoming = rowsIn(page).map((row) => document.adoptNode(row));
  more = page.querySelector("[data-more]");
  if (!isOpen()) {
    update();
    admitVip();
  }
  show();
};

if (list) {
  list.addEventListener("nova:changed", ask);
  document.body.addEventListener("nova:acted", ask);
  ["pointermove", "keydown", "scroll"].forEach((name) =>
    document.addEventListener(name, () => { activeAt = Date.now(); }, { passive: true }));
  setInterval(() => { if (incoming && !isAttended()) apply(); }, 1000);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-pending-show]")) apply(); });
}
