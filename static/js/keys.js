// The keyboard of every page. An element says itself which key means it:
//   [data-key="c"], [data-key="g q"]   a key, or two in a row: clicks it, or goes into it when it is a text field
//   [data-key-focus="#id"]             where the focus goes after the click
//   textarea[data-submit-key]          Ctrl or Cmd with Enter sends its form
// Keys that mean something in a list are queue.js's.

const PAUSE = 1200; // between the two keys of a pair
let first = "";
let firstAt = 0;

const isTyping = (element) =>
  element.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
const isBusy = () => document.querySelector("dialog[open], [popover]:popover-open");

const meant = (keys) =>
  [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === keys && !element.disabled);

const act = (element) => {
  if (element.matches("input[type=search], input[type=text], textarea")) {
    element.focus();
    element.select();
    return;
  }
  element.click();
  const place = element.dataset.keyFocus;
  if (place) document.querySelector(place)?.focus();
};

const onKey = (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-submit-key]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && event.target.matches("input[type=search]")) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isBusy()) return;
  const isSecond = first && Date.now() - firstAt < PAUSE;
  const keys = isSecond ? `${first} ${event.key}` : event.key;
  first = "";
  const element = meant(keys);
  const begins = !isSecond && document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`);
  if (!element && !begins && !isSecond) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (element) act(element);
  else if (begins) [first, firstAt] = [event.key, Date.now()];
};

document.addEventListener("keydown", onKey, { capture: true });
