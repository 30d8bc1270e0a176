// News at the edge of the page, and what went wrong with a request.
//   #toasts             the list; htmx fetches into it when the topic "alerts" moves, asking ?after=ID
//   [data-newest-alert] in the bell: what was unread when the page came is the bell's to tell
//   [data-toast="ID"]   one toast; a second one of the same ID is dropped
//   [data-stays]        stays until closed; others leave after a while, not under the pointer
//   [data-sounds]       may sound, where the page says data-sound="on"
//   [data-toast-answer]  the form that acknowledges an alert: then its toast goes
//   event nova:settled {ids}        (HX-Trigger of an answer) takes away what somebody has seen to
//   event nova:toast {text, kind}   (HX-Trigger of an answer) shows a toast from #toast-blank

const list = document.getElementById("toasts");
const blank = document.getElementById("toast-blank");
const words = document.getElementById("words").dataset;
const STAY = 7000;
const shown = new Set();
const known = new WeakSet();

const isLoud = () => document.querySelector("[data-sound]")?.dataset.sound === "on";

const leaveLater = (toast) => {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), STAY);
};

const sound = () => {
  const audio = new AudioContext();
  [660, 880].forEach((pitch, turn) => {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + turn * 0.16;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.08, start);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.3);
  });
  setTimeout(() => audio.close(), 1000);
};

const receive = (toast, isNew) => {
  if (known.has(toast)) return;
  known.add(toast);
  const id = toast.dataset.toast;
  if (id && shown.has(id)) return toast.remove();
  if (id) shown.add(id);
  if (!("stays" in toast.dataset)) leaveLater(toast);
  if (isNew && "sounds" in toast.dataset && isLoud()) sound();
};

const receiveAll = (isNew) => list.querySelectorAll("[data-toast]").forEach((toast) => receive(toast, isNew));

const tell = (text, kind = "") => {
  const toast = blank.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-toast-title]").textContent = text;
  if (kind) toast.classList.add(kind);
  if (kind === "error") toast.dataset.stays = "";
  list.append(toast);
  receive(toast, true);
};

// What the page asks for by itself may fail quietly: the live dot tells of it.
const isAsked = ({ detail }) =>
  ["submit", "click"].includes(detail.requestConfig?.triggeringEvent?.type) || !detail.elt?.closest?.("[data-live-topics]");

const failed = (event) => {
  if (!isAsked(event)) return;
  const answer = event.detail.xhr;
  const isPlain = answer.getResponseHeader("Content-Type")?.startsWith("text/plain");
  // A refusal (409, 412) says in its own words why; the rest gets ours.
  if (isPlain && answer.responseText && answer.status < 500) tell(answer.responseText, "error");
  else tell(answer.status === 403 ? words.forbidden : words.failed, "error");
};

receiveAll(false);
list.addEventListener("htmx:afterSettle", () => receiveAll(true));
document.addEventListener("htmx:afterSettle", () => {
  const newest = document.querySelector("[data-newest-alert]");
  if (newest) list.dataset.after ??= newest.dataset.newestAlert;
});
list.addEventListener("htmx:configRequest", (event) => {
  const ids = [...shown].map(Number).filter(Number.isFinite);
  event.detail.parameters.after = Math.max(Number(list.dataset.after ?? 0), ...ids);
  event.detail.parameters.shown = [...list.querySelectorAll("[data-toast]")].map((toast) => toast.dataset.toast).filter(Boolean);
});
document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove());
document.addEventListener("nova:settled", (event) => {
  for (const id of event.detail.ids) list.querySelector(`[data-toast="${id}"]`)?.remove();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const isAnswer = event.detail.elt.matches?.("[data-toast-answer]");
  // Whoever was second is told so, and has nothing more to do either.
  const isOver = event.detail.successful || event.detail.xhr.status === 409;
  // In a moment: of its refusal is told from where it stands.
  if (isAnswer && isOver) setTimeout(() => event.detail.elt.closest("[data-toast]")?.remove());
});
document.addEventListener("nova:toast", (event) => tell(event.detail.text ?? event.detail.value, event.detail.kind));
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", (event) => {
  if (isAsked(event)) tell(words.offline, "error");
});
