/** Copying: a reply so that it keeps its form in Word, Outlook and Teams, and plain text. */
import { toHtml, toPlain } from "./markdown";

/** Put `markdown` on the clipboard, formatted and as plain text. Returns whether it worked. */
export function copyMarkdown(markdown: string): boolean {
  return copy({ "text/html": toHtml(markdown), "text/plain": toPlain(markdown) });
}

/** Put `text` on the clipboard. Returns whether it worked. */
export function copyText(text: string): boolean {
  return copy({ "text/plain": text });
}

function copy(forms: Record<string, string>): boolean {
  const fill = (event: ClipboardEvent) => {
    for (const [type, text] of Object.entries(forms)) event.clipboardData?.setData(type, text);
    event.preventDefault();
  };
  // navigator.clipboard is missing on intranet pages without TLS; this command is not.
  document.addEventListener("copy", fill, { once: true });
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return copied;
}
