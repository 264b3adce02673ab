import { Link } from "@tanstack/react-router";
import { useCredentialTexts } from "./texts";

export interface InstanceUse {
  id: number;
  name: string;
  in_bin: boolean;
}

/** The instances that use a credential, as links; those in the bin are marked. */
export function UsersOf({ uses, total }: { uses: readonly InstanceUse[]; total: number }) {
  const t = useCredentialTexts();
  return (
    <>
      <ul className="credential-users">
        {uses.map((one) => (
          <li key={one.id}>
            <Link to="/instances/$instanceId" params={{ instanceId: String(one.id) }} className="cut">
              {one.name}
            </Link>
            {one.in_bin && <span className="faint small nowrap">{t("inBin")}</span>}
          </li>
        ))}
      </ul>
      {total > uses.length && <p className="soft">{t("andMore", { count: total - uses.length })}</p>}
    </>
  );
}
