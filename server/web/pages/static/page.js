// Makes the pages quicker and kinder. Everything here has a way without it: links, forms and the server's own answers.

const page = () => document.getElementById("page");
const said = (text) => {
  const place = document.getElementById("said");
  if (place) place.textContent = text;
};

// The clock in the zone line goes on from the server's time, so that a traveller notices a wrong zone.
let ahead = 0;

function setClock() {
  const now = Number(document.querySelector("[data-now]")?.dataset.now);
  if (now) ahead = now * 1000 - Date.now();
}

function clockAt(instant, timeZone, form) {
  const twelve = form.includes("h");
  const lang = twelve ? document.documentElement.lang : "en-GB";
  const words = new Intl.DateTimeFormat(lang, { timeZone, hour: "numeric", minute: "2-digit", hour12: twelve });
  return form.includes("HH") || twelve ? words.format(instant) : words.format(instant).replace(/^0/, "");
}

function runClocks() {
  for (const shown of document.querySelectorAll("[data-clock]")) {
    try {
      shown.textContent = clockAt(new Date(Date.now() + ahead), shown.dataset.clock, shown.dataset.form);
    } catch {
      // A zone that this browser does not know: the server's time stays.
    }
  }
}

// The bar says the chosen time in words.
function showChosen(radio) {
  const words = document.getElementById("chosen");
  if (!words || !radio?.dataset.words) return;
  words.textContent = radio.dataset.words;
  const zone = words.parentElement.querySelector(".small");
  said(`${radio.dataset.words}, ${zone ? zone.textContent : ""}`);
}

// A time chosen while the page was being put right stays chosen, and keeps the focus.
function takeUp(fresh, chosen, focused) {
  for (const radio of fresh.querySelectorAll(".times input[type=radio]")) {
    if (radio.value === chosen) radio.checked = true;
    if (radio.value === focused) radio.focus({ preventScroll: true });
  }
}

let asked = 0;
let shown = location.pathname + location.search;

// Another day, week or duration: the part of the page that changes is fetched and put in place.
async function go(address, { focus = "", remember = true } = {}) {
  const mine = ++asked;
  const old = page();
  old.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => old.classList.add("slow"), 150);
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = made.getElementById("page");
    if (mine !== asked) return;
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    if (remember) history.pushState({}, "", address);
    shown = location.pathname + location.search;
    document.title = made.title;
    document.documentElement.lang = made.documentElement.lang;
    const chosen = old.querySelector(".times input:checked")?.value;
    const focused = old.contains(document.activeElement) ? document.activeElement.value : "";
    old.replaceWith(fresh);
    if (chosen && !remember) takeUp(fresh, chosen, focused);
    begin();
    const day = document.getElementById("day");
    if (focus === "day" && day) day.focus({ preventScroll: true });
    if (focus && focus !== "day") document.querySelector(focus)?.focus({ preventScroll: true });
    if (day) said(`${day.textContent.trim()}, ${day.parentElement.lastElementChild.textContent.trim()}`);
  } catch {
    if (mine === asked && remember) location.assign(address);
  } finally {
    clearTimeout(slow);
    old.classList.remove("slow");
    old.removeAttribute("aria-busy");
  }
}

// The first look at a page whose zone nobody chose: the device knows better than its language.
function takeDeviceZone() {
  const here = page();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!here || !("guessed" in here.dataset) || !zone || zone === here.dataset.zone) return;
  const address = new URL(location.href);
  address.searchParams.set("tz", zone);
  history.replaceState({}, "", address);
  go(address.href, { remember: false });
}

// What was typed is kept on this device until it is booked, so that going back for another time costs nothing.
const FIELDS = "input:not([type=hidden],[type=radio],[tabindex]),textarea,select";

function keepTyped(form) {
  const name = `parley:${form.dataset.keep}`;
  const fields = () => [...form.querySelectorAll(FIELDS)].filter((one) => one.id);
  const isTick = (one) => one.type === "checkbox";
  let kept = {};
  try {
    kept = JSON.parse(sessionStorage.getItem(name)) || {};
  } catch {
    return;
  }
  for (const one of fields()) {
    if (!(one.id in kept)) continue;
    if (isTick(one)) one.checked = kept[one.id];
    else if (!one.value) one.value = kept[one.id];
  }
  form.addEventListener("input", () => {
    const typed = Object.fromEntries(fields().map((one) => [one.id, isTick(one) ? one.checked : one.value]));
    sessionStorage.setItem(name, JSON.stringify(typed));
  });
}

function forgetTyped() {
  if (!new URLSearchParams(location.search).has("booked")) return;
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("parley:")) sessionStorage.removeItem(name);
}

function begin() {
  setClock();
  showChosen(document.querySelector(".times input[type=radio]:checked"));
  document.querySelectorAll("form[data-keep]").forEach(keepTyped);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(link.href, { focus: link.dataset.swap || "" });
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".times input[type=radio]")) showChosen(event.target);
});

// A second press while the first is on its way does nothing; the server would know it too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    document.body.classList.add("is-offline");
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const busy of document.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
});
// Following a link to a field of the same page is not going anywhere.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) go(location.href, { remember: false });
});
addEventListener("offline", () => document.body.classList.add("is-offline"));
addEventListener("online", () => document.body.classList.remove("is-offline"));

begin();
forgetTyped();
takeDeviceZone();
document.querySelector("[data-focus]")?.focus();
setInterval(runClocks, 10_000);
