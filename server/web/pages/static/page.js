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

// `form` is a CLDR pattern, such as "H:mm" or "h:mm a"; `like` is what the server wrote, for its digits.
function clockAt(instant, timeZone, form, like) {
  const numberingSystem = /[\u0660-\u0669]/.test(like) ? "arab" : "latn";
  const hourCycle = form.replace(/'[^']*'/g, "").includes("h") ? "h12" : "h23";
  const asked = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle, numberingSystem };
  if (form.includes("B")) asked.dayPeriod = "short";
  const told = new Intl.DateTimeFormat(document.documentElement.lang, asked).formatToParts(instant);
  const { hour, minute, dayPeriod = "" } = Object.fromEntries(told.map(({ type, value }) => [type, value]));
  const short = hour.length > 1 ? hour.replace(/^[0\u0660]/, "") : hour;
  const words = { HH: hour, H: short, hh: hour, h: short, mm: minute, a: dayPeriod, B: dayPeriod };
  return form.replace(/'([^']*)'|HH?|hh?|mm|a|B/g, (token, quoted) => quoted ?? words[token]).replace("\u202f", " ");
}

function runClocks() {
  for (const shown of document.querySelectorAll("[data-clock]")) {
    try {
      const { clock, form } = shown.dataset;
      shown.textContent = clockAt(new Date(Date.now() + ahead), clock, form, shown.textContent);
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
  const slow = [setTimeout(() => old.classList.add("slow"), 150), setTimeout(() => old.classList.add("slower"), 400)];
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
    const active = old.contains(document.activeElement) ? document.activeElement : undefined;
    const focused = active?.value || "";
    old.replaceWith(fresh);
    if (chosen) takeUp(fresh, chosen, focused);
    begin();
    if (!remember && active?.id) document.getElementById(active.id)?.focus({ preventScroll: true });
    const day = document.getElementById("day");
    if (focus === "day" && day) day.focus({ preventScroll: true });
    if (focus && focus !== "day") document.querySelector(focus)?.focus({ preventScroll: true });
    const note = document.querySelector(".times .note")?.textContent.trim();
    const words = day && `${day.textContent.trim()}, ${day.parentElement.lastElementChild.textContent.trim()}`;
    if (day) said(note ? `${note} ${words}` : words);
  } catch {
    if (mine === asked && remember) location.assign(address);
  } finally {
    slow.forEach(clearTimeout);
    old.classList.remove("slow", "slower");
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

// What was typed is kept in this tab until it is booked, so that going back for another time costs nothing. Ticks that
// agree to something are never put back: they are never ticked in advance.
const FIELDS = "input:not([type=hidden],[type=radio],[tabindex],[name=consent]),textarea,select";

function storage() {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

function keepTyped(form) {
  const name = `parley:${form.dataset.keep}`;
  const isTick = (one) => one.type === "checkbox";
  const fields = () => [...form.querySelectorAll(FIELDS)].filter((one) => one.id || isTick(one));
  const nameOf = (one) => (isTick(one) ? `${one.name}=${one.value}` : one.id);
  if ("forgotten" in form.dataset) storage()?.removeItem(name);
  let kept = {};
  try {
    kept = JSON.parse(storage()?.getItem(name)) || {};
  } catch {
    return;
  }
  for (const one of fields()) {
    const id = nameOf(one);
    if (!(id in kept)) continue;
    if (isTick(one)) one.checked = kept[id];
    else if (!one.value) one.value = kept[id];
  }
  if (Object.keys(kept).length) holdTime();
  else form.addEventListener("input", holdTime, { once: true });
  form.addEventListener("input", () => {
    const typed = fields().map((one) => [nameOf(one), isTick(one) ? one.checked : one.value]);
    storage()?.setItem(name, JSON.stringify(Object.fromEntries(typed)));
  });
}

function forgetTyped() {
  if (!new URLSearchParams(location.search).has("booked") && !document.querySelector("[data-booked]")) return;
  const place = storage();
  for (const name of Object.keys(place || {})) if (name.startsWith("parley:")) place.removeItem(name);
}

// Loading the page again, or coming back to it, finds the time that its form keeps itself.
function nameInAddress(form) {
  const address = new URL(location.href);
  const key = form.elements.key?.value;
  if (!key || address.searchParams.get("key") === key) return;
  address.searchParams.set("key", key);
  history.replaceState({}, "", address);
  shown = location.pathname + location.search;
}

// The chosen time is kept from the first letter on that is typed, and kept on without a word when it can be.
let ending = [];

async function holdTime() {
  const box = document.getElementById("hold");
  if (!box) return;
  const form = box.closest("form");
  const content = new URLSearchParams({ start: form.elements.start.value, key: form.elements.key.value });
  ending.forEach(clearTimeout);
  let answer;
  try {
    answer = await fetch(box.dataset.address, { method: "POST", body: content, credentials: "same-origin" });
  } catch {
    return;
  }
  if (answer.status === 409 && !form.dataset.sent) form.querySelector("[value=look-again]").click();
  if (!answer.ok) return;
  const { seconds } = await answer.json();
  if (new URLSearchParams(location.search).has("start")) nameInAddress(form);
  box.hidden = true;
  ending = [
    setTimeout(() => { box.hidden = false; }, Math.max(0, seconds - 120) * 1000),
    setTimeout(holdTime, seconds * 1000 + 500),
  ];
}

// A site around this page hears how high it is, that it is there, and that something was booked; nothing else.
function tell(name, more = {}) {
  if (parent !== window && "embedded" in document.documentElement.dataset) {
    parent.postMessage({ parley: name, ...more }, "*");
  }
}

function tellHeight() {
  const height = () => tell("height", { height: document.body.scrollHeight });
  if (window.ResizeObserver) new ResizeObserver(height).observe(document.body);
  height();
}

// All time zones are many; the first letters of a city find it.
function searchZones() {
  const list = document.getElementById("tz");
  const search = document.getElementById("tz-search");
  if (!list || !search) return;
  search.closest(".field").hidden = false;
  const groups = [...list.querySelectorAll("optgroup")].map((group) => [group, [...group.children]]);
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  search.addEventListener("input", () => {
    const wanted = plain(search.value.trim());
    let first;
    for (const [group, options] of groups) {
      const found = options.filter((one) => plain(`${one.textContent} ${one.value}`).includes(wanted));
      group.replaceChildren(...found);
      group.hidden = !found.length;
      first = first || found[0];
    }
    if (first && wanted) first.selected = true;
  });
  search.focus();
}

// Times that others take while one looks fade and are struck through; nothing moves under a finger.
let following;

async function followTimes() {
  following?.abort();
  const list = document.querySelector(".times [data-follow]");
  if (!list || !window.TextDecoderStream) return;
  following = new AbortController();
  const { slug, day, minutes, tz } = list.dataset;
  const query = `subscription($slug:String!,$day:Date!,$minutes:Int,$tz:TimeZone){availabilityChanged(
    slug:$slug,from:$day,to:$day,durationMinutes:$minutes,timeZone:$tz){added{startsAt}removed{startsAt}}}`;
  const variables = { slug, day, minutes: Number(minutes), tz };
  try {
    const answer = await fetch(list.dataset.follow, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ query, variables }),
      signal: following.signal,
    });
    if (!answer.ok) return;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = "", part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (text + part.value).split("\n\n");
      text = events.pop();
      events.forEach(takeChange);
    }
  } catch {
    // No live channel: the server says so when the time is asked for.
  }
}

function takeChange(event) {
  const data = event.split("\n").find((line) => line.startsWith("data:"))?.slice(5);
  const change = data?.trim() && JSON.parse(data).data?.availabilityChanged;
  if (!change) return;
  const radioOf = ({ startsAt }) => document.querySelector(`.times input[value="${startsAt.replace(":00Z", "Z")}"]`);
  for (const slot of change.added) radioOf(slot)?.removeAttribute("disabled");
  for (const radio of change.removed.map(radioOf)) {
    // The chosen one is sent all the same, so that the server shows what is free near it; where that would book, or move
    // a meeting, it is only chosen no longer.
    if (radio?.checked && radio.form.method === "get") radio.form.requestSubmit();
    else if (radio) Object.assign(radio, { checked: false, disabled: true });
  }
}

function begin() {
  setClock();
  showChosen(document.querySelector(".times input[type=radio]:checked"));
  document.querySelectorAll("form[data-keep]").forEach(keepTyped);
  followTimes();
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

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-hold-longer]")) holdTime();
});

// A second press while the first is on its way does nothing; the server would know it too.
let waiting;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") {
    if (form.matches(".times")) nameInAddress(form);
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    document.body.classList.add("is-offline");
    waiting = event.submitter;
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", (event) => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const busy of document.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
  // A page that was only put aside still shows what was free then.
  if (event.persisted && document.querySelector(".times")) go(location.href, { remember: false });
});
// Following a link to a field of the same page is not going anywhere.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) go(location.href, { remember: false });
});
addEventListener("offline", () => document.body.classList.add("is-offline"));
addEventListener("online", () => {
  document.body.classList.remove("is-offline");
  waiting?.form?.requestSubmit(waiting);
  waiting = undefined;
});

begin();
forgetTyped();
takeDeviceZone();
searchZones();
tellHeight();
tell("ready");
if (document.querySelector("[data-booked]")) tell("booked");
document.querySelector("[data-focus]")?.focus();
setInterval(runClocks, 10_000);
