// Hears what changed, and lets the page ask again by GET. The socket carries no contents.
//   [data-live-url]          where the socket is
//   [data-live-since]        up to where the page knew when it was made: the socket tells what came after
//   [data-live-topics]       "queue ticket:42": gets the event nova:changed {topic, sequence} when one moves
//                            (with htmx: hx-get and hx-trigger="nova:changed")
//   [data-live-always]       told even while the page is hidden
//   [data-live-dot], [data-live-words], [data-stale], [data-reload]   what is shown of it
// To the server:   {subscribe: [topics], since: sequence, mark or null}  {ping: 1}  and what nova:send carries
// From the server: {topic, sequence}  {sequence}  {pong: 1}  {reset: true} when "since" is too long ago

const words = document.getElementById("words").dataset;
const dot = document.querySelector("[data-live-dot]");
const banner = document.querySelector("[data-stale]");
const line = document.querySelector("[data-live-url]");
const PING_EVERY = 20_000;
const SILENCE = 30_000; // after it, a socket that calls itself open is given up
const STALE_AFTER = 45_000;

let socket = null;
// A number where the sequence may be known, else a sealed mark until the first number (a time) comes.
let since = /^\d+$/.test(line?.dataset.liveSince) ? Number(line.dataset.liveSince) : line?.dataset.liveSince || null;
let wasOpen = false;
let tries = 0;
let heardAt = Date.now();
let subscribed = "";
const waiting = new Map(); // element -> detail, until a moment later or until the page is seen

const elements = () => [...document.querySelectorAll("[data-live-topics]")];
const topicsOf = (element) => element.dataset.liveTopics.split(/\s+/).filter(Boolean);

const deliver = () => {
  for (const [element, detail] of waiting) {
    if (document.hidden && !("liveAlways" in element.dataset)) continue;
    waiting.delete(element);
    if (element.isConnected) element.dispatchEvent(new CustomEvent("nova:changed", { detail }));
  }
};

let delivery = 0;
const changed = (isAbout, detail) => {
  elements().filter(isAbout).forEach((element) => waiting.set(element, detail));
  // Together, and not in the same instant as every other browser.
  delivery ||= setTimeout(() => { delivery = 0; deliver(); }, 150 + Math.random() * 350);
};

const say = (message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};

const subscribe = () => {
  const topics = [...new Set(elements().flatMap(topicsOf))].sort();
  if (topics.join(" ") === subscribed) return;
  subscribed = topics.join(" ");
  say({ subscribe: topics, since });
};

const show = () => {
  const isOpen = socket?.readyState === WebSocket.OPEN;
  const silence = Math.floor((Date.now() - heardAt) / 1000);
  dot.hidden = false;
  dot.dataset.state = isOpen ? "live" : "lost";
  const span = silence < 60 ? words.seconds.replace("{}", silence) : words.minutes.replace("{}", Math.floor(silence / 60));
  const text = isOpen ? words.live : words.lost.replace("{}", span);
  const place = dot.querySelector("[data-live-words]");
  if (place.textContent !== text) place.textContent = text;
  if (banner) banner.hidden = isOpen || silence * 1000 < STALE_AFTER;
};

const heard = (message) => {
  heardAt = Date.now();
  if (Number.isFinite(message.sequence)) since = Math.max(Number(since) || 0, message.sequence);
  if (message.reset) changed(() => true, message);
  else if (message.topic) changed((element) => topicsOf(element).includes(message.topic), message);
};

const connect = () => {
  const url = new URL(line.dataset.liveUrl, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  socket = new WebSocket(url);
  socket.onopen = () => {
    [tries, heardAt, subscribed] = [0, Date.now(), ""];
    // Cut before the server said where it stood: nobody knows what was missed.
    if (wasOpen && since === null) changed(() => true, { reset: true });
    wasOpen = true;
    subscribe();
    show();
  };
  socket.onmessage = (event) => heard(JSON.parse(event.data));
  socket.onclose = () => {
    socket = null;
    show();
    const pause = Math.min(30_000, 1000 * 2 ** tries++) * (0.75 + Math.random() / 2);
    setTimeout(connect, pause);
  };
};

if (line && dot) {
  connect();
  setInterval(() => say({ ping: 1 }), PING_EVERY);
  setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN && Date.now() - heardAt > SILENCE) socket.close();
    if (socket?.readyState !== WebSocket.OPEN) show();
  }, 1000);
  document.addEventListener("htmx:afterSettle", subscribe);
  document.addEventListener("nova:send", (event) => say(event.detail));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { say({ ping: 1 }); deliver(); } });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-reload]")) return;
    event.preventDefault();
    location.reload();
  });
}
