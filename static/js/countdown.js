// Keeps clocks and moments true on the page.
//   time[data-countdown]  datetime (due), data-now (server, epoch seconds), data-target (seconds),
//                         data-by, data-soon, data-late (words; "{}" takes the span), data-state
//   [data-words]          inside it: where the words go
//   [data-clock] [data-ring]  the ring beside it
//   time[data-moment]     datetime, data-now: "3 min ago" stays fresh
//   [data-passing]        data-seconds (passed at data-now): "26 min" in a stage goes on
// The server's present is estimated from every data-now seen. A page arrives after it was rendered,
// so the greatest estimate is the nearest to the truth, and time never runs backwards.

const words = document.getElementById("words").dataset;
const monotonic = () => performance.now() / 1000;
let ahead = -Infinity; // of the server's clock over ours
const seen = new WeakSet();

const learn = (element) => {
  if (seen.has(element)) return;
  seen.add(element);
  const sample = Number(element.dataset.now);
  if (sample) ahead = Math.max(ahead, sample - monotonic());
};
const due = new WeakMap();
const secondsTo = (element) => {
  if (!due.has(element)) due.set(element, Date.parse(element.dateTime) / 1000);
  return due.get(element) - (monotonic() + ahead);
};

const fill = (text, ...values) => values.reduce((done, value) => done.replace("{}", value), text);
const two = (number) => String(number).padStart(2, "0");

const spanWords = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return fill(words.seconds, whole);
  if (whole < 3600) return fill(words.minutes, Math.floor(whole / 60));
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor((whole % 86400) / 3600), Math.floor((whole % 3600) / 60)];
  if (days) return hours && days < 7 ? fill(words.daysHours, days, hours) : fill(words.days, days);
  return minutes ? fill(words.hoursMinutes, hours, two(minutes)) : fill(words.hours, hours);
};

const clockFace = (seconds) => `${two(Math.floor(seconds / 60))}:${two(Math.floor(seconds % 60))}`;

const countdownWords = (element, seconds) => {
  if (seconds <= 0) return fill(element.dataset.late, spanWords(-seconds));
  return seconds < 3600 ? fill(element.dataset.soon, clockFace(seconds)) : element.dataset.by;
};

const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const tickCountdown = (element) => {
  const { state, target } = element.dataset;
  if (state === "met" || state === "paused") return;
  const seconds = secondsTo(element);
  write(element.querySelector("[data-words]"), countdownWords(element, seconds));
  const now = seconds <= 0 ? "breached" : state;
  if (now !== state) element.dataset.state = now;
  const ring = element.closest("[data-clock]")?.querySelector("[data-ring]");
  if (!ring || !Number(target)) return;
  ring.dataset.state = now;
  const percent = Math.round(100 * Math.min(Math.max(seconds / target, 0), 1));
  ring.lastElementChild.setAttribute("stroke-dasharray", `${percent} 100`);
};

const tickMoment = (element) => {
  const seconds = secondsTo(element);
  const far = Math.abs(seconds);
  if (far >= 3600) return; // from an hour on the server wrote the wall clock
  if (far < 60) write(element, words.now);
  else write(element, fill(seconds > 0 ? words.in : words.ago, spanWords(far)));
};

const tickPassing = (element) => {
  const { now, seconds } = element.dataset;
  write(element, spanWords(monotonic() + ahead - Number(now) + Number(seconds)));
};

const tick = () => {
  if (document.hidden) return;
  const countdowns = document.querySelectorAll("time[data-countdown]");
  const moments = document.querySelectorAll("time[data-moment]");
  const passing = document.querySelectorAll("[data-passing][data-seconds]");
  [countdowns, moments, passing].forEach((all) => all.forEach(learn));
  if (ahead === -Infinity) return;
  countdowns.forEach(tickCountdown);
  moments.forEach(tickMoment);
  passing.forEach(tickPassing);
};

tick();
setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);
document.addEventListener("htmx:afterSettle", tick);
