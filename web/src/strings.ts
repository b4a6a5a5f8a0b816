/** The visible texts, from strings/da.json and strings/en.json. */
import da from "../strings/da.json";
import en from "../strings/en.json";
import type { Language } from "./contract";

export type StringKey = keyof typeof da;

const STRINGS: Record<Language, Record<StringKey, string>> = { da, en };

/** The text `key` in `language`, with its {placeholders} filled from `values`. */
export function translate(language: Language, key: StringKey, values: Record<string, string | number> = {}): string {
  return STRINGS[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
