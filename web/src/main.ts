/** Registers the elements. The page and the widget are the same bundle. */
import { OpiAdvisor } from "./elements/opi-advisor";
import { OpiChat } from "./elements/opi-chat";
import { OpiComparison } from "./elements/opi-comparison";
import { OpiComposer } from "./elements/opi-composer";
import { OpiFeedback } from "./elements/opi-feedback";
import { OpiLanguages } from "./elements/opi-languages";
import { OpiLinks } from "./elements/opi-links";
import { OpiNext } from "./elements/opi-next";
import { OpiPage } from "./elements/opi-page";
import { OpiPlacements } from "./elements/opi-placements";
import { OpiPlacing } from "./elements/opi-placing";
import { OpiReply } from "./elements/opi-reply";
import { OpiScale } from "./elements/opi-scale";
import { OpiSources } from "./elements/opi-sources";
import { OpiTable } from "./elements/opi-table";

// Inner elements first, so that an outer one finds them ready.
const ELEMENTS: Record<string, CustomElementConstructor> = {
  "opi-languages": OpiLanguages,
  "opi-scale": OpiScale,
  "opi-table": OpiTable,
  "opi-comparison": OpiComparison,
  "opi-placements": OpiPlacements,
  "opi-placing": OpiPlacing,
  "opi-links": OpiLinks,
  "opi-sources": OpiSources,
  "opi-feedback": OpiFeedback,
  "opi-next": OpiNext,
  "opi-reply": OpiReply,
  "opi-composer": OpiComposer,
  "opi-chat": OpiChat,
  "opi-advisor": OpiAdvisor,
  "opi-page": OpiPage,
};

for (const [name, element] of Object.entries(ELEMENTS)) {
  // An intranet may load the script twice.
  if (!customElements.get(name)) customElements.define(name, element);
}
