import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { sameEndpointQuery } from "@/features/instance/queries";
import { endpointIn, isTwin } from "./endpoint";
import { useSettled } from "./fields/things";
import { useFormApi } from "./FormContext";
import "@/parts/Notices.css";
import { useEditTexts } from "./texts";

/** Tells, while the endpoint is typed, which other instances are registered for it; it hinders nobody. */
export function SameEndpoint({ selfId }: { selfId: number | null }) {
  const t = useEditTexts();
  const { values } = useFormApi();
  const typed = endpointIn(values);
  const settled = useSettled(JSON.stringify(typed), 400);
  const found = useQuery({
    ...sameEndpointQuery(typed ?? { db_type: "", host: "", port: 0 }),
    enabled: typed !== null && settled === JSON.stringify(typed),
  });
  const twins =
    typed === null ? [] : (found.data ?? []).filter((one) => one.id !== selfId && isTwin(one, values));
  return (
    <div className="edit-wide" role="status">
      {twins.length > 0 && (
        <div className="notice">
          <TriangleAlert size={16} aria-hidden="true" className="notice-mark" />
          <div>
            <p>{t("sameEndpoint")}</p>
            <ul className="line-up">
              {twins.map((one) => (
                <li key={one.id}>
                  <a href={`/instances/${one.id}`} target="_blank" rel="noreferrer">
                    {one.name}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </div>
  );
}
