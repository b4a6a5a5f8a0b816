/** Where the advisor lies: beside the script that this is. */

// Only known while the script runs for the first time; a page that loads it as a module has no current script.
const script = document.currentScript ?? document.querySelector('script[src*="widget.js"]');

/** The address of the server, with a slash at the end; the page's own folder where the script's address is unknown. */
export function advisorAddress(): URL {
  const source = script instanceof HTMLScriptElement ? script.src : "";
  if (!source) return new URL(".", location.href);
  return new URL(source.includes("/assets/") ? ".." : ".", source);
}
