import { TriangleAlert } from "lucide-react";
import type { Notice } from "@/api/types";
import "./Notices.css";

/** What the server asks to look at, such as another instance at the same endpoint; also where no router is (toasts). */
export function Notices({ notices }: { notices: readonly Notice[] }) {
  return notices.map((one) => (
    <div key={one.code} className="notice" role="status">
      <TriangleAlert size={16} aria-hidden="true" className="notice-mark" />
      <div>
        <p>{one.message}</p>
        <ul className="line-up">
          {(one.instances ?? []).map((each) => (
            <li key={each.id}>
              <a href={`/instances/${each.id}`} target="_blank" rel="noreferrer">
                {each.name}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  ));
}
