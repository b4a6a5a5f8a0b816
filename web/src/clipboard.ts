/** Copying a reply so that it keeps its form in Word, Outlook and Teams. */
import { toHtml, toPlain } from "./markdown";

/** Put `markdown` on the clipboard, formatted and as plain text. Returns whether it worked. */
export function copyMarkdown(markdown: string): boolean {
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/html", toHtml(markdown));
    event.clipboardData?.setData("text/plain", toPlain(markdown));
    event.preventDefault();
  };
  // navigator.clipboard is missing on intranet pages without TLS; this command is not.
  document.addEventListener("copy", fill, { once: true });
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return copied;
}
