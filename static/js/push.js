// Alerts on this device: asks the browser for them, and sends what it gives by the page's own form.
//   [data-push-key]          the section: the key of this organisation, and data-push-worker, the worker's address
//   [data-push-on]           the form that registers this browser; shown where it can be asked
//   [data-push-here]         the form that removes it; the browser forgets its registration, too
//   [data-push-says="NAME"]  what is said instead: unsupported, denied, failed

const section = document.querySelector("[data-push-key]");
const turnOn = section.querySelector("[data-push-on]");

const say = (name) => {
  for (const words of section.querySelectorAll("[data-push-says]")) words.hidden = words.dataset.pushSays !== name;
};

const bytesOf = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const subscribe = async () => {
  await navigator.serviceWorker.register(section.dataset.pushWorker, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  // A registration of before may be bound to another key.
  await (await pushManager.getSubscription())?.unsubscribe();
  const key = bytesOf(section.dataset.pushKey);
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
};

const register = async (event) => {
  event.preventDefault();
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  try {
    const { endpoint, keys } = (await subscribe()).toJSON();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) turnOn.elements[name].value = value;
    turnOn.submit();
  } catch {
    say("failed");
  }
};

const forget = async () => {
  const registration = await navigator.serviceWorker.getRegistration("/");
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
};

const isAble = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
if (!isAble) say("unsupported");
else if (turnOn) {
  turnOn.hidden = false;
  if (Notification.permission === "denied") say("denied");
  turnOn.addEventListener("submit", register);
}
section.querySelector("[data-push-here]")?.addEventListener("submit", forget);
