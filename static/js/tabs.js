// Tabs in a line that scrolls sideways, as on a phone: the chosen one is brought into sight.
//   [data-tabs]        the line; htmx puts another in its place when counts change
//   [aria-current]     the tab that is chosen
// Only the line moves, never the page. Whoever has moved it since finds it where they left it.

const line = () => document.querySelector("[data-tabs]");
let shown = 0; // how far we moved the line
let left = null; // how far its person did, while another line comes

const center = ({ left, width }) => left + width / 2;

const show = () => {
  const chosen = line()?.querySelector("[aria-current]");
  if (!chosen) return;
  const away = center(chosen.getBoundingClientRect()) - center(line().getBoundingClientRect());
  line().scrollBy({ left: away, behavior: "instant" });
  shown = line().scrollLeft;
};

document.addEventListener("htmx:beforeSwap", () => {
  const now = line()?.scrollLeft ?? shown;
  left = now === shown ? null : now;
});
document.addEventListener("htmx:afterSwap", () => {
  if (left === null) show();
  else line().scrollLeft = left;
});
show();
