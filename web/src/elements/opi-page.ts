/** <opi-page>: the page at "/": header, the conversation beside the comparison or the sliders, footer; and the links that ask. */
import { html, LitElement, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import type { Language, Start } from "../contract";
import { dimensionInAddress, languageInAddress, showDimensionInAddress, takePlacements, takeQuestion, takeTour } from "../deep-links";
import { type Draft, draftOf, draftOfLink, keepDraft, readDraft } from "../draft";
import { focusedElement } from "../focus";
import { initialLanguage, rememberLanguage } from "../language";
import { marks } from "../icons";
import { advisorAddress } from "../origin";
import { type Placements, readPlacements } from "../placements";
import { Server } from "../server";
import { StartData } from "../start-data";
import { type StringKey, translate } from "../strings";
import { outermostSheets } from "../styles/sheets";
import type { OpiChat } from "./opi-chat";
import type { View } from "./opi-comparison";
import type { OpiPlacing } from "./opi-placing";
import styles from "./opi-page.css";

export class OpiPage extends LitElement {
  static override styles = outermostSheets(styles);

  @state() private language: Language = initialLanguage();
  @state() private topic: readonly string[] = [];
  @state() private view: View = "picture";
  /** What the sliders show; null where they are closed. */
  @state() private draft: Draft | null = readDraft();
  @query("opi-chat") private chat!: OpiChat;
  @query("opi-placing") private placing!: OpiPlacing;
  private readonly server = new Server(advisorAddress());
  private readonly start = new StartData(this, this.server);
  private linkFollowed = false;
  // In this order: what is left beside ?placing belongs to the placements.
  private readonly linkedQuestion = takeQuestion();
  private readonly tourIsAsked = takeTour();
  private readonly linkedPlacements = takePlacements();
  /** What opened the sliders, and gets the focus back. */
  private opener: HTMLElement | null = null;

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
    const question = this.linkedQuestion;
    if (question) void this.chat.updateComplete.then(() => this.chat.ask(question));
  }

  protected override updated(): void {
    document.documentElement.lang = this.language;
    document.title = translate(this.language, "page_title");
    // The question of a dimension comes with the start data.
    if (this.start.value && !this.linkFollowed) {
      this.linkFollowed = true;
      this.followLinks(this.start.value);
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
      <main class=${this.draft ? "placing" : this.view} @opi-dimension=${(event: CustomEvent<string>) => this.askAbout(event.detail)}>
        <opi-chat lang=${this.language} .server=${this.server} .start=${start} .startFailed=${failed} .onPage=${true}
          @opi-topic=${this.topicChanged} @opi-restart=${() => this.show(null)}
          @opi-place=${(event: CustomEvent<string | null>) => this.openSliders(event.detail)}></opi-chat>
        ${start
          ? html`<section aria-label=${translate(this.language, this.draft ? "placing" : "comparison")}>
              <opi-comparison ?hidden=${this.draft} lang=${this.language} .start=${start} .current=${this.topic}
                @opi-view=${(event: CustomEvent<View>) => (this.view = event.detail)}></opi-comparison>
              ${this.draft ? this.renderSliders(start, this.draft) : nothing}
            </section>`
          : nothing}
      </main>
      <footer>
        ${document ? html`<p>${translate(this.language, "footer_source", { document })}</p>` : nothing}
        <p>
          ${translate(this.language, "footer_sheets")}
          ${this.renderSheet(`comparison?lang=${this.language}`, "footer_print")}
          ${this.renderSheet(`comparison.csv?lang=${this.language}`, "footer_table")}
          ${this.renderSheet("comparison.json", "footer_data")}
        </p>
      </footer>`;
  }

  private renderSliders(start: Start, draft: Draft) {
    return html`
      <opi-placing lang=${this.language} .start=${start} .draft=${draft} @opi-cancel=${this.closeSliders}
        @opi-draft=${(event: CustomEvent<Draft>) => this.show(event.detail)}
        @opi-placed=${(event: CustomEvent<Placements>) => this.place(event.detail)}></opi-placing>`;
  }

  private renderSheet(path: string, title: StringKey) {
    return html`<a href=${new URL(path, this.server.base).href}>${translate(this.language, title)}</a>`;
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

  /** Show `draft` in the sliders; null closes them. */
  private show(draft: Draft | null): void {
    this.draft = draft;
    keepDraft(draft);
  }

  private openSliders(query: string | null): void {
    this.opener = focusedElement();
    this.show(draftOf(readPlacements(query ?? "", this.dimensionIds)));
    void this.focusSliders();
  }

  private async focusSliders(): Promise<void> {
    await this.updateComplete;
    await this.placing.updateComplete;
    this.placing.focus();
  }

  private async closeSliders(): Promise<void> {
    this.show(null);
    await this.updateComplete;
    if (this.opener?.isConnected) this.opener.focus();
    else await this.chat.settleFocus();
  }

  private place(placements: Placements): void {
    if (this.chat.waiting) return;
    this.show(null);
    this.chat.place(placements);
  }

  private get dimensionIds(): string[] {
    return this.start.value?.dimensions.map((dimension) => dimension.id) ?? [];
  }

  /** What the address asked for at the start and the start data are needed for. */
  private followLinks({ onboarding }: Start): void {
    this.followLink();
    if (this.tourIsAsked) this.chat.ask(onboarding.tour[this.language]);
    if (this.linkedPlacements === null) return;
    this.show(draftOfLink(this.linkedPlacements, this.dimensionIds));
    void this.focusSliders();
  }

  private followLink = (): void => this.followDimension(dimensionInAddress(), false);

  /** Ask the question of dimension `id`; a reload does not ask it again. */
  private followDimension(id: string, again: boolean): void {
    const question = this.start.value?.dimensions.find((dimension) => dimension.id === id)?.question[this.language];
    if (question && (again || question !== this.chat.lastQuestion)) this.chat.ask(question);
  }
}
