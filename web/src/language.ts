/** Which language the interface speaks. */
import { LANGUAGES, type Language } from "./contract";
import { readItem, writeItem } from "./session";

const KEY = "language";

/** `value` ("da", "en-GB" ...) as one of our languages, or null. */
export function asLanguage(value: string | null | undefined): Language | null {
  return LANGUAGES.find((language) => value?.toLowerCase().split("-")[0] === language) ?? null;
}

/** The first of ours among: what was chosen in this tab, `preferred`, the browser's languages, Danish. */
export function initialLanguage(...preferred: (string | null)[]): Language {
  const wishes = [readItem<string>(KEY), ...preferred, ...navigator.languages];
  for (const wish of wishes) {
    const language = asLanguage(wish);
    if (language) return language;
  }
  return "da";
}

/** Keep the choice for this tab. */
export function rememberLanguage(language: Language): void {
  writeItem(KEY, language);
}
