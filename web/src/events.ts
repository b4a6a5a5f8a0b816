/** Events between our elements. */

/** Fire `name` with `detail` from `element`, up through shadow roots. */
export function emit<Detail>(element: HTMLElement, name: string, detail: Detail): void {
  element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
