// The service worker: shows the alerts that Web Push brings, while no page of Nova is open, too.
// It keeps nothing, and stands between no page and the server.
//   push                {title, link, tag}: a later alert with the same tag takes the place of the earlier one
//   notificationclick   goes to the link, which never leads out of Nova: to the page that is open there, or a new one
//   pushsubscriptionchange   registers anew where the browser's push service gave it up, and tells Nova the new address

const RENEWAL = "/notifications/devices/renew";
const HOME = new URL("/notifications/", self.location.origin);

const read = (data) => {
  try {
    return data.json();
  } catch {
    return {};
  }
};

const placeOf = (link) => {
  const place = new URL(link || HOME.pathname, self.location.origin);
  return place.origin === self.location.origin ? place : HOME;
};

const show = ({ title, link, tag }) =>
  self.registration.showNotification(title || "Nova", {
    data: { link: placeOf(link).href },
    tag: tag || "nova",
    renotify: true,
  });

const open = async (link) => {
  const place = placeOf(link);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === place.pathname);
  return there ? there.focus() : self.clients.openWindow(place.href);
};

// Nova knows this browser by its cookie, with a session or without one.
const renew = async ({ newSubscription }) => {
  const asked = await fetch(RENEWAL);
  if (!asked.ok) return;
  const { public_key: applicationServerKey, csrf_token: token } = await asked.json();
  const bound = { userVisibleOnly: true, applicationServerKey };
  const subscription = newSubscription ?? (await self.registration.pushManager.subscribe(bound));
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ endpoint, ...keys });
  const answer = await fetch(RENEWAL, { method: "POST", headers: { "X-CSRFToken": token }, body });
  if (!answer.ok) await subscription.unsubscribe();
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("push", (event) => event.waitUntil(show(event.data ? read(event.data) : {})));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.link));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
