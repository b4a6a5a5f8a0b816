/** What a person reads for each code of a failed request. */
import type { StringKey } from "./strings";

const TEXTS: Record<string, StringKey> = {
  offline: "failed_offline",
  timeout: "failed_timeout",
  not_ready: "failed_not_ready",
  too_many: "failed_too_many",
  interrupted: "failed_interrupted",
  origin_not_allowed: "failed_not_allowed",
};

/** The text for `code`; codes that a person can do nothing about share one. */
export function failureText(code: string | undefined): StringKey {
  return TEXTS[code ?? ""] ?? "failed_other";
}
