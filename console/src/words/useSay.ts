import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { type Language } from "@/i18n/language";
import { useLanguage } from "@/i18n/texts";
import { DASH, exactTime, timeLimit } from "@/parts/format";
import { usePartTexts } from "@/parts/texts";
import { useRoleWord } from "@/session/roles";
import { useClusterKind } from "./clusterKinds";
import { endpointWords } from "./engines";
import { environmentName, environmentsQuery } from "./environments";
import { useWord } from "./values";

/** Fields whose values are words of the API; a name or a text of somebody's own is never translated. */
const WORDED = new Set([
  "db_type",
  "engines",
  "platform",
  "lifecycle",
  "endpoint_kind",
  "status",
  "tls_state",
  "last_outcome",
]);
const ENDPOINTS = new Set(["endpoint", "endpoints"]);
/** Objects whose members are somebody's own. */
const OWN = new Set(["custom", "external_ids"]);
/** What has the roles of people; any other role is that of a replica. */
const PEOPLE = new Set(["user", "token", "session"]);
/** A moment as the API writes it: with its offset from UTC. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const MOMENTS = /(^|_)(at|until|time|since|after|connected)$/;

export interface Words {
  word: (value: string) => string;
  /** A role of people, a kind of cluster, and an environment by its key. */
  role: (value: string) => string;
  clusterKind: (value: string) => string;
  environment: (key: string) => string;
  yes: string;
  no: string;
  /** What stands for a member that holds nothing. */
  nothing: string;
  moment: (at: string) => string;
  shown: Language;
}

/** Puts a value of a field into words; what has none stays as it is. Entries and members are said one by one. */
export type Say = (field: string, value: unknown, entityType?: string) => unknown;

type Members = Record<string, unknown>;

function sayText(words: Words, field: string, value: string, entityType: string): string {
  if (field === "role") return PEOPLE.has(entityType) ? words.role(value) : words.word(value);
  if (field === "kind" && entityType === "cluster") return words.clusterKind(value);
  if (field === "environment") return words.environment(value);
  if (WORDED.has(field)) return words.word(value);
  // An endpoint that a credential is bound to is one text: the engine, host:port, and perhaps the TLS that it takes.
  if (ENDPOINTS.has(field)) return endpointWords(value);
  return MOMENTS.test(field) && MOMENT.test(value) ? words.moment(value) : value;
}

function sayMembers(words: Words, field: string, value: Members, entityType: string): unknown {
  const said = Object.entries(value).map(([key, one]) => [
    key,
    one === null ? words.nothing : sayWith(words, OWN.has(field) ? "" : key, one, entityType),
  ]);
  return Object.fromEntries(said);
}

/** A value of a field as people read it; what has no word stays as it is. */
export function sayWith(words: Words, field: string, value: unknown, entityType = "instance"): unknown {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number" && field.endsWith("_ms")) return timeLimit(value, words.shown);
  if (typeof value === "number" && field.endsWith("_s")) return timeLimit(value * 1000, words.shown);
  if (typeof value === "string") return sayText(words, field, value, entityType);
  if (Array.isArray(value)) return value.map((one) => sayWith(words, field, one, entityType));
  if (typeof value === "object" && value !== null)
    return sayMembers(words, field, value as Members, entityType);
  return value;
}

/** `say("is_active", true)`: "yes", in the language that is shown; moments in local time with their zone. */
export function useSay(): Say {
  const word = useWord();
  const role = useRoleWord();
  const clusterKind = useClusterKind();
  const parts = usePartTexts();
  const shown = useLanguage();
  const { data: environments } = useQuery(environmentsQuery);
  return useCallback(
    (field, value, entityType) => {
      const environment = (key: string): string => {
        const found = environments?.find((one) => one.key === key);
        return found ? environmentName(found, shown) : key;
      };
      const words: Words = {
        word,
        role,
        clusterKind,
        environment,
        yes: parts("yes"),
        no: parts("no"),
        nothing: DASH,
        moment: (at) => exactTime(at, shown),
        shown,
      };
      return sayWith(words, field, value, entityType);
    },
    [word, role, clusterKind, parts, shown, environments],
  );
}
