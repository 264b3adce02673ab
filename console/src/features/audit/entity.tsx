import { Link } from "@tanstack/react-router";
import type { AuditEvent } from "@/api/types";
import { useTypeWord } from "./words";

/** The thing of an event by its kind and name; a link where this console has a page of it. */
export function Entity({ of }: { of: AuditEvent }) {
  const typeWord = useTypeWord();
  const name = of.entity_name ?? (of.entity_id === null ? null : `#${of.entity_id}`);
  const id = String(of.entity_id);
  const linked =
    of.entity_id === null ? (
      name
    ) : of.entity_type === "instance" ? (
      <Link to="/instances/$instanceId" params={{ instanceId: id }}>
        {name}
      </Link>
    ) : of.entity_type === "credential" ? (
      <Link to="/credentials/$credentialId" params={{ credentialId: id }}>
        {name}
      </Link>
    ) : (
      name
    );
  return (
    <span>
      <span className="soft">{typeWord(of.entity_type)}</span> {linked}
    </span>
  );
}
