/** The way to a human. */

/** The first of `addresses` that is a mailto: or https: address, else null. */
export function contactAddress(...addresses: (string | null | undefined)[]): string | null {
  return addresses.find((address) => /^(mailto:|https:\/\/)/i.test(address ?? "")) ?? null;
}
