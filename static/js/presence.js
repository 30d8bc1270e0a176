// Tells the others on a ticket that one is here, and typing.
//   [data-presence="ticket:42"]   on the page        [data-presence-typing]  a form: typing in it is said
// Said through live.js: {presence: {topic, state: "here" | "typing"}}. The server forgets after 40 s.

const page = document.querySelector("[data-presence]");
const REPEAT = 15_000;
let typedAt = 0;
let said = "";

const tell = (isRepeat) => {
  if (document.hidden) return;
  const state = Date.now() - typedAt < REPEAT ? "typing" : "here";
  if (state === said && !isRepeat) return;
  said = state;
  document.dispatchEvent(new CustomEvent("nova:send", { detail: { presence: { topic: page.dataset.presence, state } } }));
};

if (page) {
  setTimeout(tell, 1000, true);
  setInterval(tell, REPEAT, true);
  document.addEventListener("input", (event) => {
    if (!event.target.closest("[data-presence-typing]")) return;
    typedAt = Date.now();
    tell(false);
  });
}
