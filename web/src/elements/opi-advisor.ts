/**
 * <opi-advisor>: the widget for any intranet page, a button that opens the conversation in a panel.
 * Attributes: lang, open, accent, heading, contact; see docs/intranet.md.
 */
import { html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { accentColours } from "../colour";
import type { Language } from "../contract";
import { icons } from "../icons";
import { initialLanguage, rememberLanguage } from "../language";
import { advisorAddress } from "../origin";
import { Server } from "../server";
import { StartData } from "../start-data";
import { translate } from "../strings";
import { outermostSheets } from "../styles/sheets";
import styles from "./opi-advisor.css";
import type { OpiChat } from "./opi-chat";

export class OpiAdvisor extends LitElement {
  static override styles = outermostSheets(styles);

  @property({ type: Boolean, reflect: true }) open = false;
  @property() accent = "";
  @property() heading = "";
  @property() contact: string | null = null;
  @state() private language: Language = "da";
  @query("opi-chat") private chat!: OpiChat;
  @query(".launcher") private launcher!: HTMLElement;
  @query(".widget") private widget!: HTMLElement;
  private readonly server = new Server(advisorAddress());
  private readonly start = new StartData(this, this.server);

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "lang"];
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    if (name === "lang") this.language = this.wishedLanguage();
    else super.attributeChangedCallback(name, old, value);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.language = this.wishedLanguage();
  }

  protected override updated(): void {
    // Through the style object, for a strict page forbids style attributes.
    const colours = accentColours(this.accent);
    this.widget.style.setProperty("--opi-accent", colours?.accent ?? "");
    this.widget.style.setProperty("--opi-on-accent", colours?.onAccent ?? "");
  }

  override render() {
    const title = this.heading || translate(this.language, "name");
    return html`
      <div class="widget" lang=${this.language} @keydown=${this.pressed}>
        <button type="button" class="launcher" aria-expanded=${this.open} aria-controls="panel"
          ?hidden=${this.open} @click=${this.show}>
          ${icons.chat}<span>${translate(this.language, "launcher")}</span>
        </button>
        <div id="panel" class="panel" role="dialog" aria-labelledby="title" ?hidden=${!this.open}>
          <div class="head">
            <h2 id="title">${title}</h2>
            <opi-languages lang=${this.language}
              @opi-language=${(event: CustomEvent<Language>) => this.speak(event.detail)}></opi-languages>
            <button type="button" class="close" aria-label=${translate(this.language, "close")}
              title=${translate(this.language, "close")} @click=${this.hide}>${icons.close}</button>
          </div>
          <opi-chat lang=${this.language} .server=${this.server} .start=${this.start.value} .startFailed=${this.start.failed}
            .contact=${this.contact}></opi-chat>
        </div>
      </div>`;
  }

  private wishedLanguage(): Language {
    return initialLanguage(this.getAttribute("lang"), document.documentElement.lang);
  }

  private speak(language: Language): void {
    this.language = language;
    rememberLanguage(language);
  }

  private async show(): Promise<void> {
    this.open = true;
    await this.updateComplete;
    await this.chat.settleFocus();
  }

  private async hide(): Promise<void> {
    this.open = false;
    await this.updateComplete;
    this.launcher.focus();
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing || !this.open) return;
    event.stopPropagation();
    void this.hide();
  }
}
