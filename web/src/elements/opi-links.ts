/**
 * <opi-links>: the links of a reply. Fires "opi-dimension" with the id of a dimension whose link was followed on the page,
 * and "opi-announce" with words for screen readers.
 */
import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { copyText } from "../clipboard";
import type { Language, Link } from "../contract";
import { emit } from "../events";
import { icons } from "../icons";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-links.css";

/** Begins the links that are there to be sent to somebody. */
const TO_SEND = "/?placing";

export class OpiLinks extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) links: readonly Link[] = [];
  /** Where the advisor is mounted, with a slash at the end. */
  @property({ attribute: false }) base!: URL;
  /** Whether this is the advisor's own page, where a dimension is followed without opening another one. */
  @property({ attribute: false }) onPage = false;
  @state() private copied = "";

  override render() {
    return html`<ul>${this.links.map((link) => html`<li>${this.renderLink(link)}</li>`)}</ul>`;
  }

  private renderLink({ title, href }: Link) {
    const address = this.address(href);
    if (!address) return title;
    const dimension = href.startsWith("/#") ? href.slice(2) : "";
    if (this.onPage && dimension) {
      return html`<a href=${address} @click=${(event: MouseEvent) => this.follow(event, dimension)}>${title}</a>`;
    }
    return html`
      <a href=${address} target="_blank" rel="noopener">${title}<span class="unseen"> ${translate(this.lang, "new_tab")}</span></a>
      ${href.startsWith(TO_SEND) ? this.renderCopy(address) : nothing}`;
  }

  private renderCopy(address: string) {
    return html`
      <button type="button" class="chip" @click=${() => this.copy(address)}>
        ${this.copied === address ? icons.check : icons.copy}${translate(this.lang, "copy_link")}
      </button>`;
  }

  /** The absolute address of `href`; "" for one that leads anywhere but to the advisor. */
  private address(href: string): string {
    if (!/^\/(?![/\\])/.test(href)) return "";
    const address = new URL(`.${href}`, this.base);
    return address.href.startsWith(this.base.href) ? address.href : "";
  }

  private follow(event: MouseEvent, dimension: string): void {
    // With a key held the browser opens a tab or window of its own.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    emit(this, "opi-dimension", dimension);
  }

  private copy(address: string): void {
    const isCopied = copyText(address);
    this.copied = isCopied ? address : "";
    emit(this, "opi-announce", translate(this.lang, isCopied ? "link_copied" : "copy_failed"));
  }
}
