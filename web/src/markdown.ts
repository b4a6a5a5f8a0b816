/** The light Markdown of the replies: as safe HTML to show, and as plain words to read out and copy. */
import { micromark } from "micromark";

// micromark escapes raw HTML and empties the address of unsafe links. Images would be fetched from other hosts: off.
const SETTINGS = { extensions: [{ disable: { null: ["labelStartImage"] } }] };

/** `text` as HTML that is safe to insert. */
export function toHtml(text: string): string {
  // Written text is escaped, so that "<a href" can only come from micromark itself.
  return micromark(text, SETTINGS)
    .replace(/<a href=""[^>]*>(.*?)<\/a>/gs, "$1")
    .replaceAll("<a href", '<a rel="noopener noreferrer" href');
}

/** `text` without the signs for bold and italic. */
export function toPlain(text: string): string {
  return text.replace(/\*\*/g, "").replace(/^_|_$/gm, "");
}
