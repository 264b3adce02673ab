/** The word with which the Content-Security-Policy lets a style pass; the server makes one for each page. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/**
 * Let every style that a script makes pass the policy.
 *
 * Dialogs and the palette lock the scrolling of what lies behind them by a style, and what they are built of has no
 * way to be told the nonce. Markup that somebody else wrote never comes here: it is no call of a script.
 */
const create = document.createElement.bind(document);
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const made = create(name, options);
  if (made instanceof HTMLStyleElement) made.nonce = nonce;
  return made;
}) as typeof document.createElement;
