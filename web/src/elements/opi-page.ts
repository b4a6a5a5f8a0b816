/** <opi-page>: the page at "/": header, the conversation beside the comparison, footer; and the links that ask. */
import { html, LitElement, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import type { Language } from "../contract";
import { dimensionInAddress, languageInAddress, showDimensionInAddress, takeQuestion } from "../deep-links";
import { initialLanguage, rememberLanguage } from "../language";
import { marks } from "../icons";
import { advisorAddress } from "../origin";
import { Server } from "../server";
import { StartData } from "../start-data";
import { translate } from "../strings";
import { outermostSheets } from "../styles/sheets";
import type { OpiChat } from "./opi-chat";
import type { View } from "./opi-comparison";
import styles from "./opi-page.css";

export class OpiPage extends LitElement {
  static override styles = outermostSheets(styles);

  @state() private language: Language = initialLanguage();
  @state() private topic: readonly string[] = [];
  @state() private view: View = "picture";
  @query("opi-chat") private chat!: OpiChat;
  private readonly server = new Server(advisorAddress());
  private readonly start = new StartData(this, this.server);
  private linkFollowed = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const asked = languageInAddress();
    if (asked) this.speak(asked);
    addEventListener("hashchange", this.followLink);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.followLink);
  }

  protected override firstUpdated(): void {
    const question = takeQuestion();
    if (question) void this.chat.updateComplete.then(() => this.chat.ask(question));
  }

  protected override updated(): void {
    document.documentElement.lang = this.language;
    document.title = translate(this.language, "page_title");
    // The question of a dimension comes with the start data.
    if (this.start.value && !this.linkFollowed) {
      this.linkFollowed = true;
      this.followLink();
    }
  }

  override render() {
    const { value: start, failed } = this.start;
    const document = start?.document[this.language];
    return html`
      <header>
        <a class="skip" href="#" @click=${this.skip}>${translate(this.language, "skip_to_input")}</a>
        <span class="logo" aria-hidden="true">${marks.private}${marks.public}</span>
        <div class="name">
          <h1>${translate(this.language, "name")}</h1>
          <p>${translate(this.language, "tagline")}</p>
        </div>
        <opi-languages lang=${this.language}
          @opi-language=${(event: CustomEvent<Language>) => this.speak(event.detail)}></opi-languages>
      </header>
      <main class=${this.view}>
        <opi-chat lang=${this.language} .server=${this.server} .start=${start} .startFailed=${failed}
          @opi-topic=${this.topicChanged}></opi-chat>
        ${start
          ? html`<section aria-label=${translate(this.language, "comparison")}>
              <opi-comparison lang=${this.language} .start=${start} .current=${this.topic}
                @opi-dimension=${(event: CustomEvent<string>) => this.askAbout(event.detail)}
                @opi-view=${(event: CustomEvent<View>) => (this.view = event.detail)}></opi-comparison>
            </section>`
          : nothing}
      </main>
      <footer>
        ${document ? html`<p>${translate(this.language, "footer_source", { document })}</p>` : nothing}
        <p><a href=${new URL("comparison.json", this.server.base).href}>${translate(this.language, "footer_data")}</a></p>
      </footer>`;
  }

  private speak(language: Language): void {
    this.language = language;
    rememberLanguage(language);
  }

  private skip(event: Event): void {
    event.preventDefault();
    void this.chat.focusInput();
  }

  private topicChanged(event: CustomEvent<string[]>): void {
    this.topic = event.detail;
    const linked = dimensionInAddress();
    if (linked && this.linkFollowed && !this.topic.includes(linked)) showDimensionInAddress("");
  }

  private askAbout(id: string): void {
    showDimensionInAddress(id);
    this.followDimension(id, true);
  }

  private followLink = (): void => this.followDimension(dimensionInAddress(), false);

  /** Ask the question of dimension `id`; a reload does not ask it again. */
  private followDimension(id: string, again: boolean): void {
    const question = this.start.value?.dimensions.find((dimension) => dimension.id === id)?.question[this.language];
    if (question && (again || question !== this.chat.lastQuestion)) this.chat.ask(question);
  }
}
