import { TriangleAlert } from "lucide-react";
import type { Notice } from "@/api/types";
import "./Notices.css";
import { piecesOf } from "./notices";

function InstanceLink({ id, name }: { id: number; name: string }) {
  return (
    <a href={`/instances/${id}`} target="_blank" rel="noreferrer">
      {name}
    </a>
  );
}

function NoticeText({ of }: { of: Notice }) {
  const { pieces, rest } = piecesOf(of.message, of.instances ?? []);
  return (
    <div>
      <p>
        {pieces.map(({ text, id }, at) =>
          id === null ? text : <InstanceLink key={`${at} ${id}`} id={id} name={text} />,
        )}
      </p>
      {rest.length > 0 && (
        <ul className="line-up">
          {rest.map(({ id, name }) => (
            <li key={id}>
              <InstanceLink id={id} name={name} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What the server asks to look at, such as another instance at the same endpoint; also where no router is (toasts). */
export function Notices({ notices }: { notices: readonly Notice[] }) {
  return notices.map((one) => (
    <div key={one.message} className="notice" role="status">
      <TriangleAlert size={16} aria-hidden="true" className="notice-mark" />
      <NoticeText of={one} />
    </div>
  ));
}
