// Puts a scheduling page in the place of the link before this script. Without script, the link is what there is.
(() => {
  const script = document.currentScript;
  const home = script.src.replace(/\/embed\.js.*$/, "");
  const link = script.previousElementSibling;
  const isOurs = link && link.matches("a[href]") && link.href.startsWith(`${home}/m/`);
  // The page follows the theme of the device only where the page around it does.
  const theme = getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "&theme=auto" : "";
  const frame = document.createElement("iframe");
  const query = script.dataset.query ? `${script.dataset.query}&` : "";
  frame.src = `${home}/m/${encodeURIComponent(script.dataset.parley)}?${query}embed=1${theme}`;
  frame.title = isOurs ? link.textContent.trim() : script.dataset.parley;
  frame.loading = "lazy";
  frame.style.cssText = "display:block;width:100%;height:640px;border:0";
  const place = isOurs ? link : script;
  const around = place.parentElement;
  // Whoever comes near it is about to need it.
  const warm = () => { frame.loading = "eager"; };
  around.addEventListener("pointerenter", warm, { once: true });
  around.addEventListener("focusin", warm, { once: true });
  if (isOurs) link.replaceWith(frame);
  else script.before(frame);
  let isFirst = true;
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== new URL(home).origin) return;
    const { parley: name, height } = event.data || {};
    if (!["ready", "height", "booked"].includes(name)) return;
    if (name === "height" && height > 0) frame.style.height = `${Math.ceil(height)}px`;
    if (name === "ready" && !isFirst && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
    if (name === "ready") isFirst = false;
    frame.dispatchEvent(new CustomEvent(`parley:${name}`, { bubbles: true, detail: name === "height" ? { height } : {} }));
  });
})();
