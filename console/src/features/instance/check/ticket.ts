import type { Check, Instance } from "@/api/types";
import type { Language } from "@/i18n/language";
import { hostText } from "@/parts/format";
import { engineName } from "@/words/engines";
import type { TicketKind } from "./fix";
import { grantsOf, ourAddressOf, rungsOf, wordsOf } from "@/checks/ladder";
import { ticketText } from "./ticketTexts";

/** The server's own words of the step that gave the check its cause, in one line; empty without any. */
export function saidBy(check: Check): string {
  const rung = rungsOf(check).find((one) => one.opens);
  const words = rung ? wordsOf(rung) : null;
  if (words === null || words.speaker !== "server") return "";
  return [words.code, words.text].filter((one) => one !== null).join(" ");
}

/**
 * What to write to who can mend it, in one language.
 *
 * The cause's sentence is the API's and comes in the language that was asked for: `seen` is it for each language.
 */
export function ticketFor(
  kind: TicketKind,
  instance: Pick<Instance, "name" | "credential">,
  check: Check,
  { shown, seen }: { shown: Language; seen: string },
): string {
  const say = (key: Parameters<typeof ticketText>[0], values: Record<string, string> = {}): string =>
    ticketText(key, { ...values, lng: shown });
  const said = saidBy(check);
  return say(kind, {
    name: instance.name,
    engine: engineName(check.server?.engine ?? check.db_type),
    host: hostText(check.host),
    port: String(check.port),
    from: ourAddressOf(check) ?? say("unknownAddress"),
    user: check.server?.session_user ?? instance.credential?.username ?? say("unknownUser"),
    grant: grantsOf(check) ?? say("noGrant"),
    seen,
    cause: check.cause ?? "",
    at: check.started_at,
    words: said === "" ? "" : say("words", { said }),
  });
}
